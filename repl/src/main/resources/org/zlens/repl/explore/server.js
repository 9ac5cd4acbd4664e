// What the page asks of the session, and what it hears.

const EVENTS = ['state', 'start', 'value', 'note', 'end', 'failure', 'graph', 'view', 'progress', 'ready'];

/** The server that this page came from; the secret word is in every address that is relative. */
export class Server {
  /** @param on {event(name, data), connected(true or false)} */
  constructor(on) {
    this.on = on;
    this.connect();
  }

  connect() {
    const source = new EventSource('events');
    // After a break everything is sent again.
    source.addEventListener('open', () => this.on.connected(true));
    source.addEventListener('error', () => this.on.connected(false));
    for (const name of EVENTS) {
      source.addEventListener(name, event => this.on.event(name, JSON.parse(event.data)));
    }
  }

  run(text) {
    return this.post('run', { text });
  }

  cancel() {
    return this.post('cancel', {});
  }

  /** @param marks objects of kind, node and value */
  mark(marks) {
    return this.post('view', { marks });
  }

  circuitTracer(nodes) {
    return this.post('circuit-tracer', { nodes }).then(answer => answer.text());
  }

  saved(exploration) {
    return this.post('saved', exploration).then(answer => answer.text());
  }

  async post(path, body) {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    }
    return answer;
  }
}
