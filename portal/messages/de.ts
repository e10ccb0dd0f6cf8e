import type { Messages } from './messages.ts'

const AGAIN = 'Gehen Sie zurück zur Anwendung und melden Sie sich noch einmal an.'

export const de: Messages = {
  languages: 'Sprache',
  links: { imprint: 'Impressum', privacy: 'Datenschutz', support: 'Hilfe' },
  newWindow: 'öffnet ein neues Fenster',

  version: (version) => `Fassung ${version}`,
  effectiveFrom: (date) => `gilt ab ${date}`,
  required: 'Erforderlich',
  optional: 'Freiwillig',
  changed: 'Was sich geändert hat',
  changedSince: (version) => `Seit der Fassung ${version}, der Sie zugestimmt haben:`,
  fullText: 'Den ganzen Text lesen',

  lead: (clientName) =>
    clientName === ''
      ? 'Bitte lesen Sie dies, bevor es weitergeht.'
      : `Bitte lesen Sie dies, bevor es weitergeht zu ${clientName}.`,
  optionalLead: (clientName) =>
    clientName === ''
      ? 'Eine Frage, bevor es weitergeht.'
      : `Eine Frage, bevor es weitergeht zu ${clientName}.`,
  onlyIn: (languages) => `Dieses Dokument gibt es nur auf ${languages}.`,
  manyTitle: 'Bevor es weitergeht',
  manyLead: (clientName, count) =>
    clientName === ''
      ? `${count} Dokumente warten auf Ihre Antwort.`
      : `${count} Dokumente warten auf Ihre Antwort, bevor es weitergeht zu ${clientName}.`,
  answer: 'Ihre Antwort',
  answerTo: (title) => `Ihre Antwort zu ${title}`,
  accept: 'Zustimmen',
  decline: 'Ablehnen',
  later: 'Später',
  options: {
    accept: 'Ich stimme zu',
    decline: 'Ich lehne ab',
    later: 'Ich entscheide später',
    agree: 'Ja, ich bin einverstanden',
    disagree: 'Nein, danke',
  },
  declineNote: (clientName) =>
    clientName === ''
      ? 'Wenn Sie ablehnen, werden Sie nicht angemeldet.'
      : `Wenn Sie ablehnen, werden Sie nicht bei ${clientName} angemeldet.`,
  optionalNote: 'Das ist Ihnen freigestellt: Sie werden so oder so angemeldet.',
  laterNote: (date) =>
    `Sie können später entscheiden. Ab ${date} können Sie sich nur noch anmelden, wenn Sie zustimmen.`,
  submit: 'Weiter',
  submitNote: 'Nichts gilt als angenommen, bevor Sie „Weiter“ drücken.',
  sending: 'Ihre Antwort wird gesendet …',

  read: (title) => `Ich habe ${title} gelesen`,
  openFirst: 'Öffnen Sie den ganzen Text, bevor Sie zustimmen.',
  scrollFirst: 'Lesen Sie den ganzen Text bis zum Ende, bevor Sie zustimmen.',
  opened: (title) => `Der Text ist offen. Sie können ${title} jetzt zustimmen.`,
  scrolled: (title) => `Hier endet der Text. Sie können ${title} jetzt zustimmen.`,

  problemTitle: 'Es fehlt noch etwas',
  problems: {
    answer: (title) => `Wählen Sie eine Antwort zu ${title}`,
    read: (title) => `Lesen Sie ${title}, bevor Sie zustimmen, und setzen Sie das Häkchen dafür`,
    changed: (title) =>
      `Von ${title} steht hier ein anderer Text als zuvor: bitte noch einmal lesen`,
  },

  secondLook: {
    title: 'Ablehnen und gehen?',
    consequence: (clientName, titles) =>
      clientName === ''
        ? `Ohne Ihre Zustimmung zu ${titles} können wir Sie nicht anmelden.`
        : `Ohne Ihre Zustimmung zu ${titles} können wir Sie nicht bei ${clientName} anmelden.`,
    unchanged:
      'Ihr Konto bleibt, wie es ist. Wir vermerken, dass Sie abgelehnt haben, und fragen Sie bei der nächsten Anmeldung noch einmal.',
    back: 'Zurück',
    decline: 'Ablehnen und gehen',
  },

  home: {
    title: 'Hier ist nichts zu tun',
    text: 'Diese Seite fragt nach Ihrer Antwort, wenn eine Anwendung Sie bei der Anmeldung hierher schickt.',
    next: 'Um sich anzumelden, gehen Sie zur Anwendung.',
  },

  continueTitle: 'Zurück zur Anmeldung',
  continueText:
    'Wir geben Ihre Antwort weiter. Wenn nichts geschieht, drücken Sie bitte die Schaltfläche.',
  continueButton: 'Weiter',
  errorCode: 'Code',
  reference: 'Vorgang',
  nextTitle: 'Was Sie tun können',
  errors: {
    parameters_missing: {
      title: 'Dieser Link ist unvollständig',
      text: 'Ein Teil der Adresse fehlt. Wir können nicht erkennen, zu welcher Anmeldung sie gehört.',
      next: AGAIN,
    },
    token_expired: {
      title: 'Dieser Link ist abgelaufen',
      text: 'Zu Ihrem Schutz gilt der Link nur kurze Zeit. Ihre Antwort wurde nicht gespeichert.',
      next: AGAIN,
    },
    token_invalid: {
      title: 'Dieser Link ist ungültig',
      text: 'Der Link wurde unterwegs verändert oder ist nicht für diese Seite gemacht.',
      next: AGAIN,
    },
    terms_version_unknown: {
      title: 'Dieses Dokument kann nicht gezeigt werden',
      text: 'Die Fassung, die Sie lesen sollen, liegt hier nicht vor. Das ist unser Fehler, nicht Ihrer.',
      next: 'Bitte versuchen Sie es später noch einmal. Wenn es wieder geschieht, nennen Sie der Hilfe der Anwendung den Code unten.',
    },
    already_answered: {
      title: 'Sie haben schon geantwortet',
      text: 'Ihre Antwort ist weitergegeben, eine zweite nimmt diese Seite nicht an.',
      next: 'Gehen Sie zurück zur Anwendung. Wenn Sie dort nicht angemeldet sind, melden Sie sich noch einmal an.',
    },
    request_too_large: {
      title: 'Diese Anfrage ist zu groß',
      text: 'Es wurde mehr gesendet, als diese Seite verarbeitet. Ihre Antwort wurde nicht gespeichert.',
      next: AGAIN,
    },
    request_invalid: {
      title: 'Diese Anfrage ist nicht lesbar',
      text: 'Was gesendet wurde, hat keine Form, die diese Seite versteht.',
      next: AGAIN,
    },
    method_not_allowed: {
      title: 'So kann diese Seite nicht benutzt werden',
      text: 'Sie wurde auf eine Weise aufgerufen, die sie nicht anbietet.',
      next: AGAIN,
    },
    page_not_found: {
      title: 'Diese Seite gibt es nicht',
      text: 'Hierher gelangen Sie aus einer Anwendung, mitten in der Anmeldung.',
      next: 'Gehen Sie zur Anwendung und melden Sie sich dort an.',
    },
    unexpected_error: {
      title: 'Etwas ist schiefgegangen',
      text: 'Das ist unser Fehler, nicht Ihrer. Ihre Antwort wurde nicht gespeichert.',
      next: `${AGAIN} Wenn es wieder geschieht, nennen Sie der Hilfe der Anwendung den Vorgang unten.`,
    },
  },
}
