/**
 * Ends a command with exit code 1. The message says what happened and what to do; the code never
 * changes once it is released, so that a pipeline can react to it.
 */
export class CommandFailure<Code extends string = string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CommandFailure'
    this.code = code
  }
}
