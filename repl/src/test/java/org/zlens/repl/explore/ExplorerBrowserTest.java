package org.zlens.repl.explore;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.repl.explore.ExplorerSteps.done;
import static org.zlens.repl.explore.ExplorerSteps.follow;
import static org.zlens.repl.explore.ExplorerSteps.named;
import static org.zlens.repl.explore.ExplorerSteps.node;
import static org.zlens.repl.explore.ExplorerSteps.nodes;
import static org.zlens.repl.explore.ExplorerSteps.openFeature;
import static org.zlens.repl.explore.ExplorerSteps.press;
import static org.zlens.repl.explore.ExplorerSteps.tabTo;
import static org.zlens.repl.explore.ExplorerSteps.twoLevels;
import static org.zlens.repl.explore.ExplorerSteps.typePrompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.repl.SlowCommand;
import org.zlens.repl.browser.Chromium;

/** The page of a session on the embedded model, in a real browser. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ExplorerBrowserTest {
  @TempDir private static Path folder;
  private static Chromium chromium;
  private final SlowCommand slow = new SlowCommand();
  private OpenPage session;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void open() {
    session = new OpenPage(folder, slow, new HostileCommand());
    session.typed("model sprig");
  }

  @AfterEach
  void nobodyElseWasAskedAndNothingWentWrong() {
    try (OpenPage ended = session) {
      chromium.assertQuiet(ended.origin());
    }
  }

  /** A window of the page that shows all that has happened. */
  private Page window(Browser.NewContextOptions options) {
    Page page = chromium.visit(session.address(), options);
    page.waitForSelector("body[data-ready]");
    return page;
  }

  private Page window() {
    return window(new Browser.NewContextOptions().setViewportSize(1400, 900));
  }

  @Test
  void clicksLeadFromAPromptToAGraphOfTwoLevels() {
    try (Page page = window()) {
      typePrompt(page);
      assertThat(page.locator("[aria-label='tokens of the prompt'] button")).hasCount(15);
      openFeature(page);
      assertThat(page.locator("aside h2")).containsText("L1.F233");
      assertThat(page.locator("[aria-label='promoted tokens'] li").first()).containsText("·Bob");
      follow(page, "rdfa L1.F233 at 14 depth 1 width 5");
      assertThat(node(page, "L0.F485")).isVisible();
      int before = nodes(page).count();
      node(page, "L0.F485").click();
      assertThat(page.locator("aside h2")).containsText("L0.F485");
      follow(page, "rdfa L0.F485 at 8 depth 1 width 5");
      assertThat(node(page, "embed")).isVisible();
      assertThat(nodes(page).count()).isGreaterThan(before);
      List<String> said = page.locator(".entry code").allTextContents();
      assertThat(said)
          .contains(
              "logits at END top 40",
              "features L1 at 14 top 40",
              "effect L1.F233 top 8",
              "dfa L1.F233 at 14 by source",
              "dfa L1.F233 at 14 by head");
      Locator head = page.locator("[aria-label='contributions by head'] button").first();
      page.locator("#split").selectOption("components");
      head.click();
      done(page, "qk L0.H0 at 8 on 4 queries components keys components top 12");
      page.locator("#split").selectOption("residual");
      page.locator("[aria-label='contributions by source token'] button").nth(2).click();
      head.click();
      done(page, "qk L0.H0 at 8 on 2 top 12");
      page.locator("aside td button").first().click();
      done(page, "effect L0.R");
      assertThat(page.locator("aside h2")).containsText("L0.R");
      before = nodes(page).count();
      follow(page, "rdfa L0.R");
      assertThat(nodes(page).count()).isGreaterThan(before);
    }
  }

  @Test
  void residualFeaturesAndComponentsAreFollowedToo() {
    try (Page page = window()) {
      typePrompt(page);
      press(page, "section", "Follow the logit difference");
      done(page, "rdfa logit at END depth 1 width 5");
      node(page, "L3.F").click();
      page.locator("#via").selectOption("residual");
      follow(page, "depth 1 width 5 via residual");
      page.locator("#via").selectOption("heads");
      page.locator("#mlps").check();
      follow(page, "via residual by head mlps");
      page.locator("[aria-label='kind of features'] >> text=residual").click();
      done(page, "residual at 14 top 40");
      page.locator(".list button.name").first().click();
      done(page, "effect L");
    }
  }

  @Test
  void nodesArePinnedPrunedGroupedAndMovedInAllWindows() {
    try (Page page = window();
        Page other = window()) {
      twoLevels(page);
      assertThat(nodes(other)).hasCount(nodes(page).count());
      int before = nodes(page).count();
      press(page, "aside", "Pin");
      assertThat(page.locator("g.node.pinned")).hasCount(1);
      assertThat(other.locator("g.node.pinned")).hasCount(1);
      node(page, "L0.mlp_out").click();
      press(page, "aside", "Prune");
      assertThat(nodes(page)).hasCount(before - 1);
      assertThat(nodes(other)).hasCount(before - 1);
      press(page, ".toolbar", "Undo");
      assertThat(nodes(other)).hasCount(before);
      for (String name : List.of("L0.mlp_out", "L0.error")) {
        node(page, name).click();
        press(page, "aside", "Group");
        page.locator("#group-name").fill("rest");
        page.keyboard().press("Enter");
        assertThat(page.locator("g.node.group")).hasCount(1);
      }
      assertThat(other.locator("g.node.group")).containsText("rest (2)");
      String stood = node(other, "L1.F233").getAttribute("transform");
      node(page, "L1.F233").focus();
      page.keyboard().press("Shift+ArrowLeft");
      assertThat(node(other, "L1.F233")).not().hasAttribute("transform", stood);
      stood = node(other, "L0.F485").getAttribute("transform");
      BoundingBox box = node(page, "L0.F485").boundingBox();
      page.mouse().move(box.x + box.width / 2, box.y + box.height / 2);
      page.mouse().down();
      page.mouse().move(box.x + box.width / 2 - 40, box.y + 50);
      page.mouse().up();
      assertThat(node(other, "L0.F485")).not().hasAttribute("transform", stood);
      assertThat(page.locator("g.moving > *")).hasCount(0);
    }
  }

  @Test
  void anAuditStandsBesideEachPart() {
    try (Page page = window()) {
      typePrompt(page);
      press(page, "section", "Follow the logit difference");
      done(page, "rdfa logit at END depth 1 width 5");
      node(page, "logit difference").click();
      assertThat(page.locator("aside .beside")).hasCount(0);
      page.locator("#audit").check();
      follow(page, "rdfa logit at 14 depth 1 width 5 audit");
      Locator parts = page.locator("[aria-label^='upstream'] li");
      assertThat(page.locator("aside .beside")).hasCount(parts.count());
      assertThat(page.locator("aside .beside").first())
          .hasText(Pattern.compile("exact -?[0-9.]+, (good|doubtful|wrong|none)"));
      // What comes next is audited too, until somebody takes the mark away.
      node(page, "L3.F").click();
      assertThat(page.locator("#audit")).isChecked();
      page.locator("#audit").uncheck();
      follow(page, "rdfa L3.F341 at 14 depth 1 width 5");
      assertThat(page.locator(".entry code").last()).not().containsText("audit");
    }
  }

  @Test
  void anEditMovesTheLogits() {
    try (Page page = window()) {
      typePrompt(page);
      openFeature(page);
      String clean = page.locator("[aria-label='logits'] li .amount").first().textContent();
      press(page, "aside", "Ablate");
      done(page, "with ablate feature L1.F233 at 14 { logits at END top 40 }");
      assertThat(page.locator(".bar.edited").first()).isVisible();
      assertThat(page.locator("[aria-label='logits'] li .amount").first()).not().hasText(clean);
      page.locator("#by").fill("6");
      press(page, "aside", "Steer");
      done(page, "with steer L1.F233 by 6 at 14 { logits at END top 40 }");
      assertThat(page.locator(".edits li")).hasCount(1);
      page.locator("[aria-label^='lift steer']").click();
      assertThat(page.locator(".edits li")).hasCount(0);
      assertThat(page.locator("[aria-label='logits'] li .amount").first()).hasText(clean);
    }
  }

  @Test
  void theGraphIsExportedAndASavedFileOpensWithoutANetwork() throws IOException {
    try (Page page = window()) {
      twoLevels(page);
      press(page, "aside", "Pin");
      assertThat(page.locator("g.node.pinned")).hasCount(1);
      int count = nodes(page).count();
      JsonNode graph =
          Json.read(Files.readString(ExplorerSteps.download(page, folder, "circuit-tracer JSON")));
      assertThat(graph.path("nodes")).hasSize(count);
      assertThat(graph.at("/qParams/pinnedIds").toString()).isEqualTo("[\"0_485_8\"]");
      String picture = Files.readString(ExplorerSteps.download(page, folder, "SVG"));
      assertThat(picture).startsWith("<svg").contains("L0.F485").contains("stroke");
      Path saved = ExplorerSteps.download(page, folder, "Save as HTML");
      assertThat(Files.size(saved)).isLessThan(1_000_000);
      try (Page alone = chromium.openCutOff(saved, new Browser.NewContextOptions())) {
        assertThat(nodes(alone)).hasCount(count);
        node(alone, "L1.F233").click();
        assertThat(alone.locator("aside h2")).containsText("L1.F233");
        assertThat(alone.locator("[aria-label='promoted tokens'] li")).hasCount(8);
        assertThat(alone.locator("pre")).containsText("rdfa L0.F485 at 8 depth 1 width 5");
        Chromium.assertAccessible(alone);
      }
    }
  }

  @Test
  void whatIsTypedAppearsInAllWindowsAndTheLogIsTheTranscript() throws IOException {
    Path transcript = folder.resolve("both.zl");
    try (Page page = window();
        Page other = window()) {
      session.typed("record \"" + transcript + "\"");
      typePrompt(page);
      session.typed("features L2 at END top 3");
      done(other, "features L2 at END top 3");
      assertThat(page.locator("[aria-label='active features'] li")).hasCount(3);
      openFeature(page);
      session.typed("record off");
      done(page, "record off");
      done(other, "record off");
      List<String> log = page.locator(".entry code").allTextContents();
      List<String> recorded =
          Files.readAllLines(transcript).stream().filter(line -> !line.startsWith("#")).toList();
      int start = log.lastIndexOf("record \"" + transcript + "\"") + 1;
      List<String> said = log.subList(start, log.size() - 1);
      assertThat(said).hasSizeGreaterThan(5);
      assertThat(recorded.subList(recorded.size() - said.size(), recorded.size())).isEqualTo(said);
      assertThat(other.locator(".entry code").allTextContents()).isEqualTo(log);
      assertThat(other.locator("aside h2").textContent())
          .isEqualTo(page.locator("aside h2").textContent());
    }
  }

  @Test
  void tokensOfAHostileCorpusAreText() {
    try (Page page = window()) {
      page.locator("#line").fill("hostile");
      page.keyboard().press("Enter");
      done(page, "hostile");
      page.locator(".entry button", named("show")).last().click();
      Locator cells = page.locator(".entry td");
      assertThat(cells.first()).containsText("<script>window.broken = true</script>");
      String all = page.locator(".log").textContent();
      assertThat(all).doesNotContain("\u202e", "\u2066", "\u0000");
      assertThat(all).contains("(1,048,576 characters)").hasSizeLessThan(20_000);
      assertThat(page.evaluate("() => window.broken === undefined")).isEqualTo(true);
      assertThat(page.locator(".entry img")).hasCount(0);
      page.locator("#prompt").fill("<script>window.broken = true</script> \u202eabc");
      page.locator(".prompt button[type=submit]").click();
      done(page, "prompt \"<script>");
      assertThat(page.locator("[aria-label='tokens of the prompt']")).containsText("script");
      assertThat(page.evaluate("() => window.broken === undefined")).isEqualTo(true);
    }
  }

  @Test
  void anErrorIsThatOfTheTerminalAndACommandCanBeStopped() throws InterruptedException {
    try (Page page = window()) {
      page.locator("#line").fill("ablate feature L2.F99999 at END");
      page.keyboard().press("Enter");
      assertThat(page.locator(".entry .error").last())
          .containsText("error: no feature F99999 in the attention SAE of layer 2");
      assertThat(page.locator(".entry .error").last()).containsText("^^^^^^^^^");
      page.locator("#line").fill("slow");
      page.keyboard().press("Enter");
      assertThat(slow.started().await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(page.locator(".status")).containsText("working");
      press(page, "header", "Cancel");
      assertThat(page.locator(".entry.interrupted code").last()).hasText("slow");
      assertThat(page.locator(".status")).hasText("");
    }
  }

  @Test
  void theKeyboardAloneIsEnough() {
    try (Page page = window()) {
      tabTo(page, "#prompt");
      page.keyboard().type(ExplorerSteps.STORY);
      tabTo(page, ".prompt button[type=submit]");
      page.keyboard().press("Enter");
      assertThat(page.locator("[aria-label='logits'] li").first()).isVisible();
      tabTo(page, "[aria-label=layer] button:nth-child(2)");
      page.keyboard().press("Enter");
      assertThat(page.locator("[aria-label='active features'] li").first()).isVisible();
      tabTo(page, ".list button.name");
      page.keyboard().press("Enter");
      assertThat(page.locator("[aria-label='contributions by head'] li").first()).isVisible();
      tabTo(page, "aside button.main");
      page.keyboard().press("Enter");
      assertThat(nodes(page).first()).isVisible();
      tabTo(page, "g.node", "Shift+Tab");
      int before = nodes(page).count();
      String first = (String) page.evaluate("() => document.activeElement.dataset.key");
      page.keyboard().press("ArrowDown");
      assertThat(page.evaluate("() => document.activeElement.dataset.key")).isNotEqualTo(first);
      page.keyboard().press("p");
      assertThat(page.locator("g.node.pinned")).hasCount(1);
      page.keyboard().press("Enter");
      assertThat(page.locator("aside h2")).containsText("L0.");
      page.keyboard().press("Delete");
      assertThat(nodes(page)).hasCount(before - 1);
    }
  }

  @Test
  void itIsAccessibleInLightAndDarkAndFitsAPhone() {
    try (Page page = window()) {
      twoLevels(page);
      page.locator("[aria-label='contributions by head'] button").first().click();
      done(page, "qk L0.H");
      press(page, "aside", "Ablate");
      done(page, "with ablate feature L0.F485 at 8");
    }
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      Browser.NewContextOptions options =
          new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(390, 844);
      try (Page page = window(options)) {
        assertThat(nodes(page).first()).isVisible();
        node(page, "L0.H").press("Enter");
        assertThat(page.locator("aside h2")).containsText("L0.H");
        for (int width : new int[] {390, 1000, 1600}) {
          page.setViewportSize(width, 844);
          int needed = (int) page.evaluate("() => document.documentElement.scrollWidth");
          assertThat(needed).as(scheme + " " + width).isLessThanOrEqualTo(width);
          Chromium.assertAccessible(page);
        }
        String ground =
            (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
        boolean isDark = ground.equals("rgb(15, 18, 22)");
        assertThat(isDark).isEqualTo(scheme == ColorScheme.DARK);
      }
    }
  }
}
