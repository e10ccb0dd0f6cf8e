import type { Messages } from './messages.ts'

const AGAIN = 'Go back to the application and sign in again.'

export const en: Messages = {
  languages: 'Language',
  links: { imprint: 'Imprint', privacy: 'Privacy', support: 'Support' },
  newWindow: 'opens in a new window',

  version: (version) => `Version ${version}`,
  effectiveFrom: (date) => `in force from ${date}`,
  required: 'Required',
  optional: 'Optional',
  changed: 'What changed',
  changedSince: (version) => `Since version ${version}, which you accepted before:`,
  fullText: 'Read the full text',

  lead: (clientName) =>
    clientName === ''
      ? 'Please read this before you continue.'
      : `Please read this before you continue to ${clientName}.`,
  optionalLead: (clientName) =>
    clientName === ''
      ? 'One question before you continue.'
      : `One question before you continue to ${clientName}.`,
  onlyIn: (languages) => `This document is available in ${languages} only.`,
  manyTitle: 'Before you continue',
  manyLead: (clientName, count) =>
    clientName === ''
      ? `There are ${count} documents to read and answer.`
      : `There are ${count} documents to read and answer on the way to ${clientName}.`,
  answer: 'Your answer',
  answerTo: (title) => `Your answer to ${title}`,
  accept: 'Accept',
  decline: 'Decline',
  later: 'Later',
  options: {
    accept: 'I accept',
    decline: 'I decline',
    later: 'I decide later',
    agree: 'Yes, I agree',
    disagree: 'No, thank you',
  },
  declineNote: (clientName) =>
    clientName === ''
      ? 'If you decline, you will not be signed in.'
      : `If you decline, you will not be signed in to ${clientName}.`,
  optionalNote: 'This is up to you: you are signed in either way.',
  laterNote: (date) => `You can decide later. From ${date} on you can only sign in if you accept.`,
  submit: 'Continue',
  submitNote: 'Nothing is accepted before you press Continue.',
  sending: 'Sending your answer …',

  read: (title) => `I have read ${title}`,
  openFirst: 'Open the full text before you accept.',
  scrollFirst: 'Read the full text to its end before you accept.',
  opened: (title) => `The text is open. You can now accept ${title}.`,
  scrolled: (title) => `This is the end of the text. You can now accept ${title}.`,

  problemTitle: 'Something is still missing',
  problems: {
    answer: (title) => `Choose an answer to ${title}`,
    read: (title) => `Read ${title} before you accept it, and tick that you have`,
    changed: (title) => `Another text of ${title} is shown than before: please read it again`,
  },

  secondLook: {
    title: 'Decline and leave?',
    consequence: (clientName, titles) =>
      clientName === ''
        ? `Without your acceptance of ${titles} we cannot sign you in.`
        : `Without your acceptance of ${titles} we cannot sign you in to ${clientName}.`,
    unchanged:
      'Your account stays as it is. We keep a note that you declined, and ask you again when you sign in the next time.',
    back: 'Go back',
    decline: 'Decline and leave',
  },

  home: {
    title: 'Nothing to do here',
    text: 'This site asks for your answer when an application sends you here while you sign in.',
    next: 'To sign in, go to the application.',
  },

  continueTitle: 'Back to your sign-in',
  continueText: 'We are passing on your answer. If nothing happens, press the button.',
  continueButton: 'Continue',
  errorCode: 'Code',
  reference: 'Reference',
  nextTitle: 'What you can do',
  errors: {
    parameters_missing: {
      title: 'This link is incomplete',
      text: 'Part of the address is missing, so we cannot tell which sign-in it belongs to.',
      next: AGAIN,
    },
    token_expired: {
      title: 'This link has expired',
      text: 'For your protection the link is only valid for a short time. Your answer was not recorded.',
      next: AGAIN,
    },
    token_invalid: {
      title: 'This link is not valid',
      text: 'The link was changed on the way, or it was not made for this page.',
      next: AGAIN,
    },
    terms_version_unknown: {
      title: 'This document cannot be shown',
      text: 'The version you were asked to read is not available here. This is our mistake, not yours.',
      next: 'Please try again later. If it happens again, tell the support of the application and give them the code below.',
    },
    already_answered: {
      title: 'You have already answered',
      text: 'Your answer was passed on, and this page takes no second one.',
      next: 'Go back to the application. If you are not signed in there, sign in again.',
    },
    request_too_large: {
      title: 'This request is too large',
      text: 'More was sent to this page than it can use. Your answer was not recorded.',
      next: AGAIN,
    },
    request_invalid: {
      title: 'This request cannot be read',
      text: 'What was sent to this page is not in a form it understands.',
      next: AGAIN,
    },
    method_not_allowed: {
      title: 'This page cannot be used like that',
      text: 'It was asked for in a way that it does not offer.',
      next: AGAIN,
    },
    page_not_found: {
      title: 'There is no such page',
      text: 'You get here from an application, in the middle of a sign-in.',
      next: 'Go to the application and sign in there.',
    },
    unexpected_error: {
      title: 'Something went wrong',
      text: 'This is our mistake, not yours. Your answer was not recorded.',
      next: `${AGAIN} If it happens again, tell the support of the application and give them the reference below.`,
    },
  },
}
