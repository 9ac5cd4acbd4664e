package org.zlens.repl.explore;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.zlens.repl.explore.ExplorerSteps.done;
import static org.zlens.repl.explore.ExplorerSteps.download;
import static org.zlens.repl.explore.ExplorerSteps.follow;
import static org.zlens.repl.explore.ExplorerSteps.node;
import static org.zlens.repl.explore.ExplorerSteps.nodes;
import static org.zlens.repl.explore.ExplorerSteps.openFeature;
import static org.zlens.repl.explore.ExplorerSteps.press;
import static org.zlens.repl.explore.ExplorerSteps.typePrompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zlens.repl.browser.Chromium;

/** Why heads looked where they did, in the graph of a session's page. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class ExplorerScoresTest {
  @TempDir private static Path folder;
  private static Chromium chromium;
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
    session = new OpenPage(folder);
    session.typed("model sprig");
  }

  @AfterEach
  void nothingWentWrong() {
    try (OpenPage ended = session) {
      chromium.assertQuiet(ended.origin());
    }
  }

  private Page window() {
    Page page =
        chromium.visit(
            session.address(), new Browser.NewContextOptions().setViewportSize(1400, 900));
    page.waitForSelector("body[data-ready]");
    return page;
  }

  /** Asks why the head that gave a feature most looked at its largest source. */
  private static void askWhy(Page page) {
    typePrompt(page);
    openFeature(page);
    follow(page, "rdfa L1.F233 at 14 depth 1 width 5");
    page.locator("[aria-label='contributions by head'] button").first().click();
    done(page, "qk L1.H0 at 14 on 8 top 12");
    assertThat(page.locator("g.node.score")).hasCount(1);
  }

  @Test
  void aScoreItsPairsAndTheirPartsAreNodesOfTheGraph() {
    try (Page page = window();
        Page other = window()) {
      askWhy(page);
      assertThat(page.locator("g.node.pair")).hasCount(6);
      assertThat(other.locator("g.node.pair")).hasCount(6);
      List<String> said = page.locator("path.tie title").allTextContents();
      assertThat(said)
          .contains(
              "why L1.H0\u21928 looked there: attention 0.9957, to L1.F233",
              "pair L1.R755 \u00d7 L1.R1012: 4.108 of the score of L1.H0\u21928",
              "L1.R755 at 14: to on the query's side of L1.R755 \u00d7 L1.R1012: 4.108 of the score",
              "L1.R1012 at 8: store on the key's side of L1.R755 \u00d7 L1.R1012: 4.108 of the score");
      // One for each pair and for both its parts, and one to what the head brought something to.
      assertThat(page.locator("path.tie")).hasCount(3 * 6 + 1);
      assertThat(page.locator("path.tie.pair.takes")).hasCount(3);
      Locator tie = page.locator("path.tie.pair.adds").first();
      assertThat(tie).hasCSS("stroke-dasharray", "0.1px, 5px");
      assertThat(page.locator("g.node.pair").first()).containsText("+4.11");
      node(page, "L1.H0\u21928").click();
      assertThat(page.locator("aside dl.facts")).containsText("13.86");
      assertThat(page.locator("[aria-label='pairs of query and key [score]'] li")).hasCount(6);
      page.locator("[aria-label='pairs of query and key [score]'] button").first().click();
      assertThat(page.locator("aside h2")).containsText("L1.R755 \u00d7 L1.R1012");
    }
  }

  @Test
  void itsPartsAreFollowedInTheirTurnAndSoOn() {
    try (Page page = window()) {
      askWhy(page);
      int before = nodes(page).count();
      node(page, "L1.R1012").click();
      assertThat(page.locator("aside h2")).containsText("L1.R1012");
      follow(page, "rdfa L1.R1012 at 8 depth 1 width 5");
      assertThat(nodes(page).nth(before)).isVisible();
      assertThat(page.locator("g.node.pair")).hasCount(6);
      // Taken apart otherwise, it is the same score.
      node(page, "L1.H0\u21928").click();
      page.locator("#split").selectOption("components");
      page.locator("#key").selectOption("8");
      press(page, "aside", "Why L1.H0");
      done(page, "qk L1.H0 at 14 on 8 queries components keys components top 12");
      assertThat(page.locator("g.node.score")).hasCount(1);
      assertThat(node(page, "L0.mlp_out")).isVisible();
      page.locator("#key").selectOption("2");
      press(page, "aside", "Why L1.H0");
      done(page, "qk L1.H0 at 14 on 2 queries components keys components top 12");
      assertThat(page.locator("g.node.score")).hasCount(2);
    }
  }

  @Test
  void theyArePrunedPinnedGroupedExportedAndSavedLikeOthers() throws IOException {
    try (Page page = window()) {
      askWhy(page);
      int before = nodes(page).count();
      page.locator("g.node.pair").last().click();
      press(page, "aside", "Prune");
      assertThat(page.locator("g.node.pair")).hasCount(5);
      press(page, ".toolbar", "Undo");
      assertThat(nodes(page)).hasCount(before);
      page.locator("g.node.pair").first().click();
      press(page, "aside", "Pin");
      assertThat(page.locator("g.node.pair.pinned")).hasCount(1);
      page.locator("g.node.pair").last().click();
      press(page, "aside", "Prune");
      assertThat(page.locator("g.node.pair")).hasCount(5);
      for (int i = 0; i < 2; i++) {
        page.locator("g.node.pair").last().click();
        press(page, "aside", "Group");
        page.locator("#group-name").fill("rest");
        page.keyboard().press("Enter");
        assertThat(page.locator("g.node.pair")).hasCount(4 - i);
      }
      assertThat(page.locator("g.node.group")).containsText("rest (2)");
      JsonNode graph = Json.read(Files.readString(download(page, folder, "circuit-tracer JSON")));
      JsonNode score = graph.at("/attention_scores/0");
      assertThat(score.path("head").asText()).isEqualTo("L1.H0");
      assertThat(score.path("pairs")).hasSize(5);
      assertThat(score.at("/pairs/0/query/node_id").asText()).isEqualTo("R1_755_14");
      assertThat(score.at("/pairs/0/key/clerp").asText()).isEqualTo("L1.R1012 at 8: store");
      double sum = score.path("rest").asDouble();
      for (JsonNode pair : score.path("pairs")) {
        sum += pair.path("weight").asDouble();
      }
      assertThat(sum)
          .isCloseTo(score.path("score").asDouble(), org.assertj.core.data.Offset.offset(1e-4));
      String picture = Files.readString(download(page, folder, "SVG"));
      assertThat(picture).contains("+4.11", "L1.H0\u21928", "stroke-linecap=\"round\"");
      Path saved = download(page, folder, "Save as HTML");
      int count = nodes(page).count();
      try (Page alone = chromium.openCutOff(saved, new Browser.NewContextOptions())) {
        assertThat(nodes(alone)).hasCount(count);
        node(alone, "L1.H0\u21928").click();
        assertThat(alone.locator("aside dl.facts")).containsText("attention");
        Chromium.assertAccessible(alone);
      }
    }
  }

  @Test
  void whatIsTypedInTheTerminalIsInTheGraphTooAndAnotherPromptClearsIt() {
    try (Page page = window()) {
      session.typed("prompt \"" + ExplorerSteps.STORY + "\"");
      session.typed("qk L3.H0 at END on 2 top 3");
      assertThat(page.locator("g.node.score")).containsText("L3.H0\u21922");
      assertThat(page.locator("g.node.pair")).hasCount(3);
      node(page, "L3.H0\u21922").click();
      assertThat(page.locator("aside h2")).containsText("at 14");
      session.typed("prompt \"Tom gave the key to\"");
      assertThat(nodes(page)).hasCount(0);
    }
  }

  @Test
  void ofPromptsOfDifferentLengthsTheOneThatIsShownIsTakenApart() {
    try (Page page = window()) {
      session.typed("dataset ioi n 6 seed 3");
      assertThat(page.locator("[aria-label='tokens of the prompt'] button").first()).isVisible();
      int first = page.locator("[aria-label='tokens of the prompt'] button").count();
      Locator next = page.locator("[aria-label='the next prompt']");
      int turns = 0;
      do {
        next.click();
        turns++;
        assertThat(page.locator("section >> text=/^prompt " + turns + " of/")).isVisible();
      } while (page.locator("[aria-label='tokens of the prompt'] button").count() == first
          && turns < 5);
      int length = page.locator("[aria-label='tokens of the prompt'] button").count();
      assertThat(length).as("all prompts are of one length").isNotEqualTo(first);
      page.locator("[aria-label='tokens of the prompt'] button").last().click();
      page.locator("[aria-label=layer] >> text=L3").click();
      assertThat(page.locator(".list .note").first()).containsText("features of L3");
      page.locator(".list button.name").first().click();
      Locator heads = page.locator("[aria-label='contributions by head'] button");
      assertThat(heads.first()).isVisible();
      page.locator("[aria-label='contributions by source token'] button").nth(2).click();
      heads.first().click();
      String said = "on 2 top 12 prompt " + turns;
      done(page, said);
      String asked =
          page.locator(".entry code", new Page.LocatorOptions().setHasText(said))
              .first()
              .textContent();
      assertThat(asked).startsWith("qk L3.H").contains(" at END on 2 ");
      assertThat(page.locator("aside caption")).containsText("in prompt " + turns);
      assertThat(page.locator("g.node.score")).hasCount(1);
      assertThat(page.locator("svg.graph .axes")).containsText(String.valueOf(length - 1));
      // The mean over the prompts is no number of one pass.
      session.typed(asked.replace(" prompt " + turns, ""));
      done(page, "on 2 top 12");
      assertThat(page.locator("aside caption")).not().containsText("in prompt");
      assertThat(page.locator("g.node.score")).hasCount(1);
    }
  }
}
