/** Every string of the UI, in Hindi. What comes from the service stays in the service's words. */
import type { Catalogue } from './language.svelte'

const TIME_UNITS: Record<string, string> = { second: 'सेकंड', minute: 'मिनट', hour: 'घंटे', day: 'दिन' }

export const hi: Catalogue = {
  unit: (unit) => TIME_UNITS[unit.replace(/s$/, '')] ?? unit,

  product: 'VTION',
  skipToQuestion: 'सीधे प्रश्न बॉक्स पर जाएँ',
  newChat: 'नई चैट',
  mainMenu: 'मुख्य',
  aboutData: 'डेटा के बारे में',
  close: 'बंद करें',
  cancel: 'रद्द करें',
  retry: 'फिर कोशिश करें',

  duration: { ms: 'मि.से.', s: 'से.', min: 'मिनट' },

  preferences: {
    title: 'प्रदर्शन',
    language: 'भाषा',
    languages: { en: 'English', hi: 'हिन्दी' },
    numbering: 'संख्याएँ',
    numberings: { indian: '12,34,567', international: '1,234,567' },
    theme: 'थीम',
    themes: { system: 'सिस्टम', light: 'हल्की', dark: 'गहरी' },
  },

  connection: {
    label: 'कनेक्शन',
    lost: 'आप ऑफ़लाइन हैं। आपका प्रश्न जारी है; कनेक्शन लौटते ही उत्तर आ जाएगा।',
    reconnecting: 'कनेक्शन टूट गया। फिर से जोड़ा जा रहा है…',
    back: 'फिर से ऑनलाइन।',
  },

  console: 'कंसोल',

  signIn: {
    title: 'साइन इन करें',
    key: 'वह API कुंजी दें जो व्यवस्थापक ने आपके लिए बनाई है।',
    token: (issuer) => `${issuer} का टोकन दें।`,
    label: 'कुंजी या टोकन',
    action: 'साइन इन करें',
    out: 'साइन आउट करें',
    refused: 'सेवा इस कुंजी को नहीं मानती।',
  },

  history: {
    title: 'बातचीत',
    open: 'बातचीत दिखाएँ',
    search: 'बातचीत में खोजें',
    ages: { today: 'आज', yesterday: 'कल', week: 'पिछले 7 दिन', older: 'पुरानी' },
    empty: 'आप जो पूछेंगे वह यहाँ रहेगा।',
    none: 'कोई बातचीत नहीं मिली।',
    more: 'और दिखाएँ',
    confirm: 'यह बातचीत हटाएँ?',
    delete: 'हटाएँ',
    deleteThis: (title) => `“${title}” हटाएँ`,
    loading: 'बातचीत लोड हो रही है',
    failed: 'यह बातचीत नहीं दिखाई जा सकी',
  },

  feedback: {
    ratings: { up: 'अच्छा उत्तर', down: 'ख़राब उत्तर' },
    prompts: { up: 'धन्यवाद। इसमें क्या अच्छा लगा?', down: 'धन्यवाद। क्या ग़लत है या क्या छूटा?' },
    send: 'टिप्पणी भेजें',
    noComment: 'टिप्पणी नहीं',
    thanks: 'धन्यवाद। आपकी टिप्पणी उत्तरों की देखरेख करने वालों तक पहुँच गई।',
  },

  status: {
    label: 'उत्तर',
    working: 'काम जारी है',
    ready: 'उत्तर तैयार है',
  },

  capabilities: {
    eyebrow: 'सीधे शब्दों में पूछें, हर उत्तर जाँचें।',
    examples: 'इनमें से कोई पूछकर देखें',
    coverage: 'डेटा में क्या है',
    about: 'डेटा का पूरा परिचय',
    limits: 'ध्यान रखें',
    rows: (count) => `${count} पंक्तियाँ`,
    upTo: (day) => `डेटा ${day} तक`,
    range: (from, to) => `${from} – ${to}`,
    more: (count) => `${String(count)} और तालिकाएँ दिखाएँ`,
    fewer: 'कम दिखाएँ',
    source: 'स्रोत',
    version: 'डेटा विवरण',
    model: 'उत्तर देने वाला',
    models: { embedded: 'अंतर्निहित प्लानर, कोई मॉडल नहीं' },
    loading: 'डेटा का परिचय लोड हो रहा है',
    failed: 'डेटा का परिचय लोड नहीं हो सका',
    empty: 'अभी पूछने के लिए कोई डेटा नहीं है। पहले व्यवस्थापक को स्रोत जोड़ना होगा।',
  },

  composer: {
    label: 'आपका प्रश्न',
    placeholder: 'डेटा के बारे में प्रश्न पूछें',
    placeholderNext: 'आगे का प्रश्न पूछें',
    send: 'भेजें',
    stop: 'रोकें',
    hint: 'Enter से भेजें, Shift + Enter से नई पंक्ति',
  },

  conversation: {
    label: 'बातचीत',
    toLatest: 'नवीनतम पर जाएँ',
    stale: 'इस पृष्ठ का एक भाग नहीं मिला, शायद पृष्ठ अपडेट हुआ है। पृष्ठ फिर से लोड करें।',
  },

  turn: {
    questionPrefix: 'प्रश्न:',
    followUps: 'आगे पूछें',
    suggestions: 'इसके बदले यह पूछ सकते हैं',
    chosen: (label) => `आपने चुना: ${label}`,
    stopped: 'उत्तर पूरा होने से पहले रोक दिया गया।',
    refused: 'मैं इसका उत्तर नहीं दे सकता',
    failed: 'कुछ गड़बड़ हुई',
    reference: (id) => `संदर्भ ${id}`,
    clarification: 'पहले एक बात',
    copyAnswer: 'उत्तर कॉपी करें',
    edit: 'प्रश्न बदलें',
    editLabel: 'बदला हुआ प्रश्न',
    askEdited: 'पूछें',
    askAgain: 'फिर पूछें',
    copyLink: 'लिंक कॉपी करें',
    actions: 'इस उत्तर के साथ क्या करें',
    stopping: 'रोका जा रहा है…',
  },

  steps: {
    names: {
      receive_question: 'प्रश्न समझना',
      retrieve_context: 'डेटा खोजना',
      draft_sql: 'SQL लिखना',
      validate_sql: 'SQL जाँचना',
      execute_sql: 'चलाना',
      aggregate_rows: 'जोड़ना',
      synthesize_answer: 'उत्तर लिखना',
      verify_answer: 'उत्तर परखना',
      clarify: 'वापस पूछना',
      explain_refusal: 'कारण बताना',
      record_run: 'रसीद लिखना',
    },
    again: (name, attempt) => `${name}, प्रयास ${String(attempt)}`,
    queued: (position) => position === 1 ? 'कतार में अगला' : `प्रतीक्षा: कतार में स्थान ${String(position)}`,
    label: 'चरण',
    working: 'काम जारी है',
    done: (duration, steps) => `${duration} में ${String(steps)} चरण पूरे`,
    attempts: (count) => ` · SQL के ${String(count)} प्रयास`,
    found: (tables) => `${tables} में देखा जा रहा है`,
    matched: (text, column, value) => `“${text}” का अर्थ ${column} = ${value}`,
    rows: (count) => `${count} पंक्तियाँ मिलीं`,
    inProgress: 'जारी',
    finished: 'पूरा',
  },

  attempt: {
    title: (attempt) => `प्रयास ${String(attempt)}`,
    verdicts: {
      drafted: 'लिखा गया',
      accepted: 'हर जाँच में सही',
      rejected: 'अस्वीकृत',
      failed: 'चलाते समय विफल',
    },
    showSql: 'SQL दिखाएँ',
  },

  sql: {
    label: 'SQL',
    copy: 'कॉपी करें',
    copied: 'कॉपी हो गया',
    edit: 'बदलें',
    edited: 'बदला हुआ SQL',
    run: 'चलाएँ',
    guarded: 'आपका SQL भी उन्हीं जाँचों से गुज़रता है। कोई मॉडल नहीं बुलाया जाता।',
  },

  chart: {
    table: 'तालिका',
    view: 'ऐसे दिखाएँ',
    inUnit: (unit) => `${unit} में`,
    failed: 'चार्ट नहीं बन सका। तालिका में वही आँकड़े हैं।',
    kinds: {
      bar: 'बार चार्ट',
      line: 'रेखा चार्ट',
      area: 'क्षेत्र चार्ट',
      pie: 'पाई चार्ट',
      scatter: 'स्कैटर चार्ट',
      number: 'संख्या',
    },
    points: (count) => `${String(count)} बिंदु`,
    extremes: (series, highest, highestAt, lowest, lowestAt) =>
      `${series}: सबसे अधिक ${highestAt} पर ${highest}, सबसे कम ${lowestAt} पर ${lowest}।`,
    picture: 'PNG के रूप में सहेजें',
    csv: 'CSV के रूप में सहेजें',
  },

  chips: {
    change: 'बदलें',
    run: 'बदलाव के साथ चलाएँ',
    remove: (label) => `हटाएँ: ${label}`,
    restore: (label) => `रखें: ${label}`,
    none: 'इस SQL में यहाँ कुछ बदला नहीं जा सकता। नीचे SQL बदलें।',
    failed: 'क्या बदला जा सकता है, यह लोड नहीं हो सका',
    kinds: { limit: 'पहले', measure: 'माप', split: 'इसके अनुसार बाँटें' },
    functions: { average: 'औसत', total: 'कुल', lowest: 'न्यूनतम', highest: 'अधिकतम' },
    guarded: 'वही SQL इन मानों के साथ चलता है। कोई मॉडल नहीं बुलाया जाता।',
  },

  receipt: {
    title: 'रसीद',
    subtitle: 'यह उत्तर कैसे बना',
    assumptions: 'मैंने प्रश्न को ऐसे समझा',
    kinds: {
      measure: 'माप',
      dimension: 'विभाजन',
      filter: 'केवल',
      period: 'अवधि',
      order: 'क्रम',
      limit: 'सीमा',
      note: 'टिप्पणी',
    },
    tables: 'तालिकाएँ',
    rows: 'परिणाम की पंक्तियाँ',
    seen: 'लेखक ने देखी पंक्तियाँ',
    engine: 'इंजन',
    drafter: 'SQL लेखक',
    writer: 'उत्तर लेखक',
    attempts: 'प्रयास',
    bytes: 'पढ़ा गया डेटा',
    bound: 'ज़्यादा से ज़्यादा पढ़ा जा सकने वाला डेटा',
    cost: 'लागत',
    context: 'डेटा विवरण',
    run: 'रन',
    notes: 'टिप्पणियाँ',
    sql: 'चलाया गया SQL',
  },

  failure: {
    unreachable: 'सेवा तक पहुँच नहीं हो रही। अपना कनेक्शन जाँचें और फिर कोशिश करें।',
    cut: 'उत्तर पूरा होने से पहले कनेक्शन टूट गया। आपका प्रश्न सुरक्षित है; फिर कोशिश करें।',
    service: 'सेवा प्रश्न नहीं ले सकी। थोड़ी देर में फिर कोशिश करें।',
    kept: 'इस प्रश्न का उत्तर नहीं मिला।',
    unexpected: 'यह पृष्ठ उत्तर नहीं दिखा सका। फिर कोशिश करें।',
  },
}
