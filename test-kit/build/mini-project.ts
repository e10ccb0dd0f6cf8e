import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FIXTURE, REPOSITORY } from '../fixture-project.ts'

/** A copy of what the build reads of the fixture project, in a folder of its own, to be broken in one place. */
export class MiniProject {
  readonly root: string

  private constructor(root: string) {
    this.root = root
  }

  static async create(): Promise<MiniProject> {
    const project = new MiniProject(await mkdtemp(join(tmpdir(), 'mini-project-')))
    for (const path of [
      'actions',
      'build',
      'cli',
      'build.mjs',
      'tenant.yaml',
      'package.json',
      'tsconfig.json',
    ]) {
      await cp(join(FIXTURE, path), join(project.root, path), { recursive: true })
    }
    await symlink(join(REPOSITORY, 'node_modules'), join(project.root, 'node_modules'))
    return project
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.root, path)), { recursive: true })
    await writeFile(join(this.root, path), text)
  }

  async read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8')
  }

  /** Replaces `old`, which must stand there. */
  async replace(path: string, old: string, text: string): Promise<void> {
    const before = await this.read(path)
    if (!before.includes(old)) throw new Error(`${path} does not hold ${old}`)
    await this.write(
      path,
      before.replace(old, () => text),
    )
  }

  async append(path: string, text: string): Promise<void> {
    await this.write(path, `${await this.read(path)}\n${text}\n`)
  }

  async delete(path: string): Promise<void> {
    await rm(join(this.root, path), { recursive: true })
  }

  /** Every file under `dist`, by path; empty when there is no such folder. */
  async distFiles(): Promise<Record<string, string>> {
    const entries = await readdir(join(this.root, 'dist'), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])
    const files: Record<string, string> = {}
    for (const entry of entries) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      files[path.slice(this.root.length + 1)] = await readFile(path, 'utf8')
    }
    return files
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}
