// How people find things on a page: by label, by role and name, by the text in sight. The last line of each script that
// begins with this one calls one of these functions.

const words = (text) => text.replace(/[\s\u3000]+/g, ' ').trim();

/// The text of an element without what is hidden from everybody or from screen readers.
const textOf = (node) => {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
  return [...node.childNodes].map(textOf).join('');
};

const nameOf = (element) => {
  const labelled = element.getAttribute('aria-labelledby');
  if (labelled) {
    return words(labelled.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean).map(textOf).join(' '));
  }
  return words(element.getAttribute('aria-label') ?? textOf(element));
};

/// A label says whether the field must be given; people do not repeat that.
const labelOf = (element) => words(textOf(element)).replace(/ ?(※必須|任意|required|optional)$/, '');

/// A label may offer a second thing to type; people name the one they have.
const isCalled = (label, wanted) => label === wanted || label.startsWith(`${wanted}または`) || label.startsWith(`${wanted} or `);

const inSight = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden';

const ROLES = {
  alert: '[role=alert]',
  button: 'button, [role=button]',
  dialog: 'dialog[open], [role=dialog]',
  disclosure: 'summary',
  heading: 'h1, h2, h3',
  link: 'a[href]',
  region: 'section[aria-labelledby], section[aria-label], [role=region]',
  row: 'tbody tr:has(> th[scope=row])',
  status: '[role=status]',
  tab: '[role=tab]',
};

/// A row is called by its header, what is announced by all it says, everything else by its own name.
const nameIn = (role, element) => {
  if (role === 'row') return nameOf(element.querySelector('th[scope=row]'));
  if (role === 'alert' || role === 'status') return words(textOf(element));
  return nameOf(element);
};

const matches = (role, found, wanted) => {
  if (['heading', 'row', 'alert', 'status'].includes(role)) return found.includes(wanted);
  // A link may end in what tells it from its neighbours.
  return found === wanted || (role === 'link' && found.startsWith(`${wanted} `));
};

/// Elements with this role and name, in the order of the page.
const byRole = (role, name) => [...document.querySelectorAll(ROLES[role])]
  .filter((element) => inSight(element) && matches(role, nameIn(role, element), words(name)));

/// What a label or a group's legend belongs to. With `group`, only inside the group with that legend.
const byLabel = (label, group) => [...document.querySelectorAll('label')]
  .filter((element) => inSight(element) && isCalled(labelOf(element), words(label)) && element.control)
  .filter((element) => {
    if (!group) return true;
    const legend = element.closest('fieldset')?.querySelector('legend');
    return Boolean(legend) && labelOf(legend) === words(group);
  })
  .map((element) => element.control);

const textInSight = () => words(document.body.innerText);

/// Nothing is being read, and every font is there.
const isSettled = () => document.fonts.status === 'loaded'
  && !/読み込んでいます|Loading/.test(document.body.innerText)
  && document.querySelector('h1') !== null;
