package org.zlens.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.zlens.engine.ZlensException;
import org.zlens.engine.data.sprig.Mix;
import org.zlens.engine.data.sprig.SprigRows;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;
import org.zlens.engine.model.LanguageModel;
import org.zlens.engine.model.ModelLoader;
import org.zlens.engine.model.WeightStep;

/**
 * A process that trains two small SAEs with a checkpoint at every step, going on from one if there
 * is one; its arguments are the folder and that of the model. After each step it prints the number
 * of the step and waits for a byte.
 */
final class TrainingProcess {
  static final int STEPS = 48;
  private static final int BATCH = 32;

  private TrainingProcess() {}

  public static void main(String[] arguments) {
    try (LanguageModel model = ModelLoader.load(arguments[1], WeightStep.all())) {
      Map<Location, SaeRecipe> recipes = new LinkedHashMap<>();
      for (Location at : sites()) {
        recipes.put(
            at,
            NamedRecipe.PAPER.of(
                new RecipeChoices(
                    48,
                    at.site().vectorWidth(model.config()),
                    (long) STEPS * BATCH,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    BATCH,
                    Optional.empty(),
                    3)));
      }
      SprigRows rows = SprigRows.of(5, Mix.standard()).from(16, 0);
      SaeJob job =
          new SaeJob(
              model,
              recipes,
              new SaeFeed(rows, 4, 128, 1),
              16,
              (long) STEPS * BATCH,
              1,
              Path.of(arguments[0]),
              1,
              Map.of());
      SaeJobRun.run(job, true, news -> await(news.step()));
    } catch (ZlensException e) {
      System.out.println("error " + e.getMessage());
    }
  }

  static Location[] sites() {
    return new Location[] {Location.of(Site.Z, 0), Location.of(Site.RESID_PRE, 1)};
  }

  private static void await(long step) {
    System.out.println("step " + step);
    System.out.flush();
    try {
      if (System.in.read() < 0) {
        Runtime.getRuntime().halt(3);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(4);
    }
  }
}
