// Runs in a saved file.

import { showDocument } from './document.js';

showDocument(
  document.getElementById('saved'),
  JSON.parse(document.getElementById('exploration').textContent),
);
