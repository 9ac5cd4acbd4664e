(() => {
  const root = document.documentElement;
  const theme = document.getElementById('theme');
  const kept = (() => { try { return localStorage; } catch (error) { return null; } })();
  const isDark = () => root.dataset.theme
      ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const setTheme = name => {
    if (name === 'dark' || name === 'light') {
      root.dataset.theme = name;
    }
    theme.setAttribute('aria-pressed', String(isDark()));
  };
  let before = null;
  try { before = kept && kept.getItem('zlens-theme'); } catch (error) { before = null; }
  setTheme(before);
  theme.addEventListener('click', () => {
    const name = isDark() ? 'light' : 'dark';
    setTheme(name);
    try { kept.setItem('zlens-theme', name); } catch (error) { /* files may keep nothing */ }
  });

  const tip = document.getElementById('tip');
  let here = null;
  const hide = () => {
    tip.classList.remove('shown');
    if (here) {
      here.classList.remove('here');
      here = null;
    }
  };
  const place = token => {
    const at = token.getBoundingClientRect();
    tip.style.left = Math.max(0, Math.min(at.left, innerWidth - tip.offsetWidth - 4)) + 'px';
    const below = at.bottom + 4;
    tip.style.top = (below + tip.offsetHeight > innerHeight
        ? at.top - tip.offsetHeight - 4 : below) + 'px';
  };
  const show = (token, marks) => {
    hide();
    const says = token.closest('.s') ? 'brings' : token.closest('ol').dataset.says || 'activation';
    tip.textContent = says + ' ' + token.dataset.v;
    place(token);
    tip.classList.add('shown');
    if (marks) {
      here = token;
      token.classList.add('here');
    }
  };
  const tokenOf = event => event.target instanceof Element
      ? event.target.closest('li.x i[data-v]') : null;
  document.addEventListener('pointerover', event => {
    const token = tokenOf(event);
    if (token) {
      show(token, false);
    } else if (!here) {
      hide();
    }
  });
  document.addEventListener('click', event => {
    const token = tokenOf(event);
    if (token) {
      show(token, true);
    }
  });
  document.addEventListener('scroll', () => here ? place(here) : hide(), {passive: true});

  const lists = [...document.querySelectorAll('ol.examples')];
  for (const list of lists) {
    const first = list.querySelector('li.x');
    if (first) {
      first.tabIndex = 0;
    }
  }
  document.addEventListener('focusin', event => {
    const item = event.target.closest('li.x');
    if (!item) {
      hide();
      return;
    }
    for (const other of item.parentElement.children) {
      other.tabIndex = other === item ? 0 : -1;
    }
    const token = item.querySelector('.t b i') || item.querySelector('i[data-v]');
    if (token && !item.contains(here)) {
      show(token, true);
    }
  });
  document.addEventListener('focusout', hide);
  const steps = {ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1};
  document.addEventListener('keydown', event => {
    const item = event.target.closest && event.target.closest('li.x');
    if (event.key === 'Escape') {
      hide();
    }
    if (!item || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const along = event.key === 'ArrowRight' || event.key === 'ArrowLeft';
    const all = along ? [...item.querySelectorAll('i[data-v]')] : [...item.parentElement.children];
    const at = all.indexOf(along ? here : item);
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? all.length - 1
        : steps[event.key] ? at + steps[event.key] : -1;
    if (to < 0 || to >= all.length) {
      return;
    }
    event.preventDefault();
    if (along) {
      show(all[to], true);
    } else {
      all[to].focus();
    }
  });
  document.body.dataset.ready = String(Math.round(performance.now()));
  document.body.dataset.state = 'ready';
})();
