package org.zlens.engine.report;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.zlens.engine.io.AtomicFile;
import org.zlens.engine.measure.Rating;
import org.zlens.engine.measure.Ratings;

/**
 * A sheet on which a person rates features: for each its strongest places, places from its whole
 * range, the tokens that it favours and opposes, and a form (paper-spec D-Table1). The browser
 * saves what was rated as a file of {@link Ratings}, and takes such a file to go on with. One HTML
 * file with everything in it; its policy allows it one script and no request whatsoever.
 *
 * @param title one line
 * @param ratings what is rated already, which the page begins with; one for each card
 * @param cards the features
 * @param pieces the texts of tokens
 * @param provenance lines for the foot of the page
 */
public record RatingPage(
    String title,
    Ratings ratings,
    List<RatingCard> cards,
    IntFunction<String> pieces,
    List<String> provenance) {
  private static final String ENDING = ".html";

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink: #1a1a1a; --dim: #5c5c5c; --paper: #fff;
          --line: #c4c4c4; --bar: #f3f3f3; --focus: #0b57d0; --mark: 255, 140, 0 }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #e6e6e6; --dim: #a3a3a3; --paper: #161616; --line: #4a4a4a;
            --bar: #242424; --focus: #8ab4f8; --mark: 235, 120, 0 }
      }
      body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: var(--ink);
          background: var(--paper) }
      main { padding: 1rem 1.5rem 5rem; max-width: 75rem }
      h1 { font-size: 1.15rem; margin: 0 } h2 { font-size: 1rem; margin: 0 }
      h3 { font-size: .8rem; margin: .6rem 0 .1rem; color: var(--dim) }
      .notes { margin: .2rem 0 0; color: var(--dim); max-width: 60rem; overflow-wrap: anywhere }
      article { border-top: 1px solid var(--line); padding: .8rem 0; margin-top: .8rem }
      article.rated h2::after { content: " (rated)"; color: var(--dim); font-weight: normal }
      .text { font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; margin: 0;
          overflow-wrap: anywhere }
      .text b { font-weight: 600; outline: 1px solid var(--dim) }
      .value { display: inline-block; width: 4rem; color: var(--dim) }
      fieldset { border: 1px solid var(--line); margin: .6rem 0 0; padding: .3rem .8rem .6rem }
      fieldset label { display: block; padding: .1rem 0 }
      input[type=text] { width: 100%; max-width: 40rem; box-sizing: border-box; font: inherit }
      :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px }
      footer { color: var(--dim); font-size: .72rem; margin-top: 1rem; overflow-wrap: anywhere }
      #bar { position: fixed; bottom: 0; left: 0; right: 0; padding: .6rem 1.5rem;
          background: var(--bar); border-top: 1px solid var(--line);
          display: flex; flex-wrap: wrap; gap: .4rem 1rem; align-items: center }
      """;

  private static final String START =
      """
      (() => {
        const sheet = JSON.parse(document.getElementById('sheet').textContent);
        const cards = [...document.querySelectorAll('article')];
        const bar = document.getElementById('state');
        const choices = card => [...card.querySelectorAll('input[type=radio]')];
        const words = card => card.querySelector('input[type=text]');
        let unsaved = false;
        const state = () => cards.map((card, i) => {
          const chosen = choices(card).find(one => one.checked);
          return {feature: sheet.ratings[i].feature, rating: chosen ? chosen.value : null,
              explanation: words(card).value};
        });
        const tell = message => {
          const all = state();
          cards.forEach((card, i) => card.classList.toggle('rated', all[i].rating !== null));
          const rated = all.filter(one => one.rating !== null).length;
          bar.textContent = rated + ' of ' + all.length + ' rated' + (message ? '; ' + message : '');
        };
        const fill = ratings => {
          const by = new Map(ratings.map(one => [one.feature, one]));
          cards.forEach((card, i) => {
            const one = by.get(sheet.ratings[i].feature);
            choices(card).forEach(choice => { choice.checked = choice.value === one.rating; });
            words(card).value = one.explanation;
          });
        };
        const goOn = text => {
          const read = JSON.parse(text);
          const own = new Set(sheet.ratings.map(one => one.feature));
          if (read.format !== sheet.format || !Array.isArray(read.ratings)
              || read.ratings.length !== own.size
              || JSON.stringify(read.about) !== JSON.stringify(sheet.about)
              || !read.ratings.every(one => one && own.delete(one.feature)
                  && typeof one.explanation === 'string')) {
            throw new Error('it holds no ratings of this sheet');
          }
          fill(read.ratings);
        };
        document.addEventListener('input', event => {
          if (event.target.closest('article')) {
            unsaved = true;
            tell('not saved');
          }
        });
        document.addEventListener('keydown', event => {
          const card = event.target.closest && event.target.closest('article');
          if (event.ctrlKey || event.altKey || event.metaKey || !card
              || event.target === words(card)) {
            return;
          }
          const at = cards.indexOf(card);
          const choice = choices(card)[Number(event.key) - 1];
          const next = event.key === 'n' ? cards[at + 1] : event.key === 'p' ? cards[at - 1] : null;
          if (choice) {
            choice.checked = true;
            choice.focus();
            unsaved = true;
            tell('not saved');
          } else if (next) {
            next.focus();
            next.scrollIntoView();
          }
        });
        document.getElementById('load').addEventListener('change', async event => {
          const file = event.target.files[0];
          event.target.value = '';
          if (!file) {
            return;
          }
          try {
            goOn(await file.text());
            unsaved = false;
            tell('going on with ' + file.name);
          } catch (error) {
            tell(file.name + ' cannot be read: ' + error.message);
          }
        });
        document.getElementById('save').addEventListener('click', () => {
          const text = JSON.stringify(
              {format: sheet.format, about: sheet.about, ratings: state()}, null, 1);
          const link = document.createElement('a');
          link.href = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
          link.download = document.body.dataset.file;
          link.click();
          setTimeout(() => URL.revokeObjectURL(link.href), 60000);
          unsaved = false;
          tell('saved as ' + link.download);
        });
        window.addEventListener('beforeunload', event => {
          if (unsaved) {
            event.preventDefault();
          }
        });
        fill(sheet.ratings);
        tell('');
        document.body.dataset.state = 'ready';
      })();
      """;

  /** Keeps the lists from changing. */
  public RatingPage {
    cards = List.copyOf(cards);
    provenance = List.copyOf(provenance);
    if (!ratings.ratings().stream()
        .map(Rating::feature)
        .toList()
        .equals(cards.stream().map(RatingCard::feature).toList())) {
      throw new IllegalArgumentException("the ratings are not those of the cards");
    }
  }

  /** The page as text; {@code file} is what the browser calls the ratings when it saves them. */
  public String html(String file) {
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src %s; \
        style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body data-file="%s">
        <main>
        <h1>%s</h1>
        <p class="notes">Is there one clear explanation that fits all of a feature's places, the \
        strongest and those from its whole range? With a feature in focus 1 to 4 choose, n and p go \
        to the next and the previous one. Save the ratings at the end, or in between to go on \
        later; zlens reads the file: rating read "%s".</p>
        %s%s<footer>%s</footer>
        </main>
        <div id="bar"><button type="button" id="save">Save ratings</button> \
        <label>Go on with saved ones <input type="file" id="load" accept=".json"></label> \
        <span id="state" role="status"></span></div>
        <noscript>The ratings are saved by a script in this page, and scripts are off.</noscript>
        <script type="application/json" id="sheet">%s</script>
        <script>%s</script>
        </body>
        </html>
        """
        .formatted(
            ScriptHash.of(START.getBytes(StandardCharsets.UTF_8)),
            Html.text(title),
            STYLE,
            Html.text(file),
            Html.text(title),
            Html.text(file),
            ratings.about().entrySet().stream()
                .map(
                    one ->
                        "<p class=\"notes\">"
                            + Html.text(one.getKey() + ": " + one.getValue())
                            + "</p>\n")
                .collect(Collectors.joining()),
            cards.stream().map(card -> card.html(pieces)).collect(Collectors.joining()),
            provenance.stream()
                .map(line -> "<div>" + Html.text(line) + "</div>\n")
                .collect(Collectors.joining()),
            Html.json(ratings.json().toString()),
            START);
  }

  /**
   * Writes the page, wholly or not at all. Ratings are saved under its name with the ending {@code
   * .ratings.json}.
   *
   * @throws org.zlens.engine.ZlensException of kind DATA if the file cannot be written
   */
  public void write(Path path) {
    String name = path.getFileName().toString();
    String stem = name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    AtomicFile.writeText(path, html(stem + ".ratings.json"));
  }
}
