(async () => {
  const root = document.documentElement;
  const theme = document.getElementById('theme');
  const isDark = () => root.dataset.theme
      ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const setTheme = name => {
    if (name === 'dark' || name === 'light') {
      root.dataset.theme = name;
    }
    theme.setAttribute('aria-pressed', String(isDark()));
  };
  try { setTheme(localStorage.getItem('zlens-theme')); } catch (error) { setTheme(null); }
  theme.addEventListener('click', () => {
    const name = isDark() ? 'light' : 'dark';
    setTheme(name);
    try { localStorage.setItem('zlens-theme', name); } catch (error) { /* keeps nothing */ }
  });

  const packed = atob(document.getElementById('table').textContent.trim());
  const bytes = Uint8Array.from(packed, c => c.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  const {numeric, rows} = await new Response(unpacked).json();
  const heads = [...document.querySelectorAll('th button')];
  const body = document.getElementById('rows');
  const state = document.getElementById('state');
  const search = document.getElementById('search');
  const more = document.getElementById('more');
  const texts = rows.map(row => row.slice(1).join('\u0001').toLowerCase());
  const natural = new Intl.Collator('en', {numeric: true});
  const step = 200;
  let shown = step;
  let column = -1;
  let falling = false;
  let order = rows.map((row, i) => i);

  const cell = (row, i) => {
    const td = document.createElement('td');
    const value = row[i + 1];
    if (i === 0) {
      const link = document.createElement('a');
      link.href = encodeURIComponent(row[0]);
      link.textContent = value;
      td.append(link);
    } else {
      td.textContent = value === null ? '' : String(value);
      td.className = numeric[i] ? 'n' : 'piece';
    }
    return td;
  };
  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word);
    const found = order.filter(i => words.every(word => texts[i].includes(word)));
    body.replaceChildren(...found.slice(0, shown).map(i => {
      const tr = document.createElement('tr');
      tr.append(...heads.map((head, at) => cell(rows[i], at)));
      return tr;
    }));
    more.hidden = found.length <= shown;
    state.textContent = found.length + ' of ' + rows.length
        + (found.length > shown ? ', the first ' + shown + ' shown' : '');
  };
  const sort = at => {
    falling = column === at ? !falling : numeric[at];
    column = at;
    const sign = falling ? -1 : 1;
    order.sort((a, b) => {
      const x = rows[a][at + 1];
      const y = rows[b][at + 1];
      // Empty cells stand last whichever way the others go.
      if (x === null || y === null) {
        return (x === null) - (y === null) || a - b;
      }
      const by = numeric[at] ? x - y : natural.compare(x, y);
      return sign * by || a - b;
    });
    heads.forEach((head, i) => head.parentElement.setAttribute(
        'aria-sort', i === column ? falling ? 'descending' : 'ascending' : 'none'));
    draw();
  };
  heads.forEach((head, at) => head.addEventListener('click', () => sort(at)));
  search.addEventListener('input', () => { shown = step; draw(); });
  more.addEventListener('click', () => { shown += step; draw(); });
  sort(0);
  document.body.dataset.state = 'ready';
})();
