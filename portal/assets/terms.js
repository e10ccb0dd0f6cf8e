// Adds to the form what HTML alone cannot: the order "first read, then accept", and one submit. The
// form does without it; then a tick says that the text was read.

const form = document.querySelector('#terms, #second-look')
const status = document.getElementById('status')

const announce = (text) => {
  status.textContent = text
}

// The answer may be on its way when this page comes out of the browser's memory: ask the server.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

let isSending = false
form.addEventListener('submit', (event) => {
  if (isSending) {
    event.preventDefault()
    return
  }
  isSending = true
  if (event.submitter?.name === 'switch') return
  announce(form.dataset.sending)
  // Not `disabled`: the button that was pressed must be sent along.
  for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true')
})

// The style sheet prints folded texts where the browser can; this is for the others.
let isPrinting = false
if (!CSS.supports('selector(::details-content)')) {
  const folded = () => document.querySelectorAll('details:not([open])')
  let opened = []
  addEventListener('beforeprint', () => {
    isPrinting = true
    opened = [...folded()]
    for (const details of opened) details.open = true
  })
  addEventListener('afterprint', () => {
    for (const details of opened) details.open = false
    isPrinting = false
  })
}

for (const gate of document.querySelectorAll('[data-gate]')) holdBack(gate)

/** Holds the acceptance of one document back until its text was opened or read to the end. */
function holdBack(gate) {
  const id = gate.dataset.gate
  const hint = document.getElementById(`gate-${id}`)
  const tick = gate.querySelector('input')
  const text = document.getElementById(`text-${id}`)
  const controls = document.querySelectorAll(`[data-gated='${id}']`)
  let isSeen = tick.checked

  const see = () => {
    if (isSeen) return
    isSeen = true
    tick.checked = true
    for (const control of controls) control.removeAttribute('aria-disabled')
    hint.classList.remove('gate-wanted')
    hint.classList.add('gate-done')
    hint.textContent = gate.dataset.done
    announce(gate.dataset.done)
  }

  // Unless the page is shown again after the tick was set.
  if (isSeen) return
  tick.closest('label').hidden = true
  for (const control of controls) {
    control.setAttribute('aria-disabled', 'true')
    control.setAttribute('aria-describedby', hint.id)
    control.addEventListener('click', (event) => {
      if (isSeen) return
      event.preventDefault()
      hint.classList.add('gate-wanted')
      // Emptied first: the same words again would not be read out.
      announce('')
      requestAnimationFrame(() => announce(hint.textContent))
      // A button was pressed on purpose; a choice may only have been passed by arrow key.
      if (control.type === 'submit') leadTo(text)
    })
  }
  if (gate.dataset.view === 'open') {
    text.addEventListener('toggle', () => text.open && !isPrinting && see())
  } else {
    const bar = document.querySelector('.answer')
    const covered = getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight : 0
    const end = document.querySelector(`[data-end='${id}']`)
    new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && see(), {
      rootMargin: `0px 0px -${covered}px 0px`,
    }).observe(end)
  }
}

// What is to be unfolded comes into sight. A text that is being read stays where it is.
function leadTo(text) {
  const summary = text.querySelector('summary')
  if (summary === null) text.focus({ preventScroll: true })
  else summary.focus()
}
