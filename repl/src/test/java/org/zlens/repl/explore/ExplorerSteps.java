package org.zlens.repl.explore;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What people do on the page of a session, as tests do it. */
final class ExplorerSteps {
  static final String STORY = "When Ann and Bob went to the store, Bob gave a drink to";

  private ExplorerSteps() {}

  static void typePrompt(Page page) {
    page.locator("#prompt").fill(STORY);
    page.locator("#answer").fill(" Ann");
    page.locator("#over").fill(" Bob");
    page.locator(".prompt button[type=submit]").click();
    assertThat(page.locator("[aria-label='logits'] li").first()).isVisible();
  }

  static void openFeature(Page page) {
    page.locator("[aria-label=layer] >> text=L1").click();
    page.locator(".list button.name >> text=L1.F233").click();
    assertThat(page.locator("[aria-label='contributions by head'] li").first()).isVisible();
  }

  static void press(Page page, String where, String name) {
    page.locator(where + " button", named(name)).click();
  }

  static Locator nodes(Page page) {
    return page.locator("g.node");
  }

  static Locator node(Page page, String start) {
    return page.locator("g.node[data-key^='" + start + "']").first();
  }

  static void follow(Page page, String statement) {
    press(page, "aside", "Follow upstream");
    done(page, statement);
  }

  /** Waits until a statement stands in the log as one that has run. */
  static void done(Page page, String statement) {
    assertThat(page.locator(".entry.done code", new Page.LocatorOptions().setHasText(statement)))
        .not()
        .hasCount(0);
  }

  static void twoLevels(Page page) {
    typePrompt(page);
    openFeature(page);
    follow(page, "rdfa L1.F233 at 14 depth 1 width 5");
    node(page, "L0.F485").click();
    assertThat(page.locator("aside h2")).containsText("L0.F485");
    follow(page, "rdfa L0.F485 at 8 depth 1 width 5");
  }

  static Page.LocatorOptions named(String text) {
    return new Page.LocatorOptions().setHasText(Pattern.compile("^" + text + "$"));
  }

  static void tabTo(Page page, String selector) {
    tabTo(page, selector, "Tab");
  }

  static void tabTo(Page page, String selector, String key) {
    for (int i = 0; i < 150; i++) {
      boolean isThere =
          (boolean) page.evaluate("selector => document.activeElement.matches(selector)", selector);
      if (isThere) {
        return;
      }
      page.keyboard().press(key);
    }
    throw new AssertionError(key + " does not lead to " + selector);
  }

  /** Saves what a button of the graph's toolbar gives. */
  static Path download(Page page, Path folder, String button) {
    Download download = page.waitForDownload(() -> press(page, ".toolbar", button));
    Path file = folder.resolve(download.suggestedFilename());
    download.saveAs(file);
    return file;
  }
}
