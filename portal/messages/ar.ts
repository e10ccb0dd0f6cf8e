import type { Messages } from './messages.ts'

const AGAIN = 'ارجع إلى التطبيق وسجّل الدخول من جديد.'

export const ar: Messages = {
  languages: 'اللغة',
  links: { imprint: 'بيانات الناشر', privacy: 'الخصوصية', support: 'المساعدة' },
  newWindow: 'يفتح نافذة جديدة',

  version: (version) => `النسخة ${version}`,
  effectiveFrom: (date) => `تسري اعتبارًا من ${date}`,
  required: 'إلزامي',
  optional: 'اختياري',
  changed: 'ما الذي تغيّر',
  changedSince: (version) => `منذ النسخة ${version} التي قبلتها من قبل:`,
  fullText: 'اقرأ النص الكامل',

  lead: (clientName) =>
    clientName === ''
      ? 'يُرجى قراءة ما يلي قبل المتابعة.'
      : `يُرجى قراءة ما يلي قبل المتابعة إلى ${clientName}.`,
  optionalLead: (clientName) =>
    clientName === '' ? 'سؤال واحد قبل المتابعة.' : `سؤال واحد قبل المتابعة إلى ${clientName}.`,
  onlyIn: (languages) => `هذه الوثيقة متاحة باللغة ${languages} فقط.`,
  manyTitle: 'قبل المتابعة',
  manyLead: (clientName, count) =>
    clientName === ''
      ? `عدد الوثائق التي تنتظر إجابتك: ${count}.`
      : `عدد الوثائق التي تنتظر إجابتك قبل المتابعة إلى ${clientName}: ${count}.`,
  answer: 'إجابتك',
  answerTo: (title) => `إجابتك عن ${title}`,
  accept: 'قبول',
  decline: 'رفض',
  later: 'لاحقًا',
  options: {
    accept: 'أقبل',
    decline: 'أرفض',
    later: 'أقرر لاحقًا',
    agree: 'نعم، أوافق',
    disagree: 'لا، شكرًا',
  },
  declineNote: (clientName) =>
    clientName === '' ? 'إذا رفضت فلن يُسجَّل دخولك.' : `إذا رفضت فلن يُسجَّل دخولك إلى ${clientName}.`,
  optionalNote: 'الأمر متروك لك: سيُسجَّل دخولك في الحالتين.',
  laterNote: (date) =>
    `يمكنك أن تقرر لاحقًا. واعتبارًا من ${date} لن تستطيع تسجيل الدخول إلا إذا قبلت.`,
  submit: 'متابعة',
  submitNote: 'لا يُعَدّ شيء مقبولًا قبل أن تضغط «متابعة».',
  sending: 'جارٍ إرسال إجابتك …',

  read: (title) => `لقد قرأت ${title}`,
  openFirst: 'افتح النص الكامل قبل أن تقبل.',
  scrollFirst: 'اقرأ النص الكامل إلى نهايته قبل أن تقبل.',
  opened: (title) => `النص مفتوح. يمكنك الآن قبول ${title}.`,
  scrolled: (title) => `هذه نهاية النص. يمكنك الآن قبول ${title}.`,

  problemTitle: 'ما زال هناك شيء ناقص',
  problems: {
    answer: (title) => `اختر إجابة عن ${title}`,
    read: (title) => `اقرأ ${title} قبل قبولها، ثم ضع علامة على أنك قرأتها`,
    changed: (title) => `النص المعروض من ${title} يختلف عن السابق: يُرجى قراءته من جديد`,
  },

  secondLook: {
    title: 'هل تريد الرفض والمغادرة؟',
    consequence: (clientName, titles) =>
      clientName === ''
        ? `من دون قبولك ${titles} لا يمكننا تسجيل دخولك.`
        : `من دون قبولك ${titles} لا يمكننا تسجيل دخولك إلى ${clientName}.`,
    unchanged: 'يبقى حسابك كما هو. نسجّل أنك رفضت، ونسألك من جديد عند تسجيل دخولك التالي.',
    back: 'رجوع',
    decline: 'الرفض والمغادرة',
  },

  home: {
    title: 'لا يوجد ما تفعله هنا',
    text: 'يطلب هذا الموقع إجابتك عندما يرسلك إليه تطبيق أثناء تسجيل الدخول.',
    next: 'لتسجيل الدخول، انتقل إلى التطبيق.',
  },

  continueTitle: 'العودة إلى تسجيل الدخول',
  continueText: 'نمرّر إجابتك الآن. إذا لم يحدث شيء فاضغط الزر.',
  continueButton: 'متابعة',
  errorCode: 'الرمز',
  reference: 'المرجع',
  nextTitle: 'ما الذي يمكنك فعله',
  errors: {
    parameters_missing: {
      title: 'هذا الرابط غير كامل',
      text: 'جزء من العنوان مفقود، فلا نعرف إلى أي تسجيل دخول ينتمي.',
      next: AGAIN,
    },
    token_expired: {
      title: 'انتهت صلاحية هذا الرابط',
      text: 'لحمايتك لا يصلح الرابط إلا وقتًا قصيرًا. لم تُسجَّل إجابتك.',
      next: AGAIN,
    },
    token_invalid: {
      title: 'هذا الرابط غير صالح',
      text: 'تغيّر الرابط في الطريق، أو لم يُنشأ لهذه الصفحة.',
      next: AGAIN,
    },
    terms_version_unknown: {
      title: 'لا يمكن عرض هذه الوثيقة',
      text: 'النسخة التي طُلب منك قراءتها غير متوفرة هنا. هذا خطؤنا وليس خطأك.',
      next: 'يُرجى المحاولة لاحقًا. وإذا تكرر ذلك فأخبر فريق المساعدة في التطبيق بالرمز أدناه.',
    },
    already_answered: {
      title: 'لقد أجبت من قبل',
      text: 'مُرِّرت إجابتك، ولا تقبل هذه الصفحة إجابة ثانية.',
      next: 'ارجع إلى التطبيق. وإذا لم تكن مسجَّل الدخول هناك فسجّل الدخول من جديد.',
    },
    request_too_large: {
      title: 'هذا الطلب كبير جدًا',
      text: 'أُرسل إلى هذه الصفحة أكثر مما تستطيع استخدامه. لم تُسجَّل إجابتك.',
      next: AGAIN,
    },
    request_invalid: {
      title: 'لا يمكن قراءة هذا الطلب',
      text: 'ما أُرسل إلى هذه الصفحة ليس على صورة تفهمها.',
      next: AGAIN,
    },
    method_not_allowed: {
      title: 'لا يمكن استخدام هذه الصفحة هكذا',
      text: 'طُلبت الصفحة بطريقة لا تقدّمها.',
      next: AGAIN,
    },
    page_not_found: {
      title: 'لا توجد صفحة كهذه',
      text: 'تصل إلى هنا من تطبيق، في أثناء تسجيل الدخول.',
      next: 'اذهب إلى التطبيق وسجّل الدخول هناك.',
    },
    unexpected_error: {
      title: 'حدث خطأ ما',
      text: 'هذا خطؤنا وليس خطأك. لم تُسجَّل إجابتك.',
      next: `${AGAIN} وإذا تكرر ذلك فأخبر فريق المساعدة في التطبيق بالمرجع أدناه.`,
    },
  },
}
