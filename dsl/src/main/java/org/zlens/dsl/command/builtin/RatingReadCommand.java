package org.zlens.dsl.command.builtin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.zlens.dsl.command.Arguments;
import org.zlens.dsl.command.Candidate;
import org.zlens.dsl.command.Command;
import org.zlens.dsl.command.FileCandidates;
import org.zlens.dsl.command.Forecast;
import org.zlens.dsl.command.Group;
import org.zlens.dsl.command.Parameter;
import org.zlens.dsl.command.Signature;
import org.zlens.dsl.command.Types;
import org.zlens.dsl.session.ProvenanceInput;
import org.zlens.dsl.session.Session;
import org.zlens.dsl.session.Value;
import org.zlens.dsl.session.ValueKind;
import org.zlens.dsl.syntax.Quoted;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.io.FileHash;
import org.zlens.engine.measure.ClopperPearson;
import org.zlens.engine.measure.Rating;
import org.zlens.engine.measure.Ratings;
import org.zlens.engine.measure.Verdict;

/** {@code rating read}: what a person said of features, as shares with their intervals. */
public final class RatingReadCommand implements Command {
  private static final Parameter<String> FILE =
      Parameter.of("file", Types.PATH, "what the page of 'rating sheet' saved");

  private static final Parameter<Boolean> FEATURES =
      Parameter.flag("features", "a row for each feature instead");

  private static final Parameter<Double> ALPHA =
      Parameter.after(
              "alpha", "level", Types.positive(), "share of samples that the interval may miss in")
          .orElse(0.05);

  private static final List<String> OF_SHARES =
      List.of("rating", "features", "share", "lower", "upper");

  private static final List<String> OF_FEATURES = List.of("feature", "rating", "explanation");

  private static final Signature SIGNATURE =
      Signature.verb("rating read", Group.MEASURE, "read the ratings that a sheet has saved")
          .details(
              """
              How many of the rated features were said to be what, as a share with its exact \
              interval after Clopper and Pearson; features that were not rated do not count. \
              'monosemantic' is what the paper's Table 1 calls interpretable: one clear explanation \
              for all that the sheet shows.""")
          .parameters(FILE, FEATURES, ALPHA)
          .result(ValueKind.TABLE)
          .example(
              """
              model sprig
              rating sheet L2 n 3 to "s.html" blank "s.json" on sprig tokens 2048
              rating read "s.json" features""",
              "three features that are yet to be rated")
          .build();

  @Override
  public Signature signature() {
    return SIGNATURE;
  }

  @Override
  public Optional<List<String>> resultColumns(Arguments arguments, Forecast forecast) {
    return Optional.of(arguments.has(FEATURES) ? OF_FEATURES : OF_SHARES);
  }

  @Override
  public List<Candidate> complete(
      Parameter<?> parameter, List<String> written, String typed, Forecast forecast) {
    return parameter == FILE
        ? FileCandidates.of(forecast, typed, file -> file.toString().endsWith(".json"))
        : Command.super.complete(parameter, written, typed, forecast);
  }

  @Override
  public Value run(Arguments arguments, Session session) {
    String name = arguments.get(FILE);
    Path path = session.path(name);
    if (!Files.exists(path)) {
      throw arguments.fault(FILE, Kind.DATA, "no file " + Quoted.of(name), null);
    }
    Ratings ratings;
    try {
      ratings = Ratings.read(path);
      session.addRead(new ProvenanceInput("ratings", name, FileHash.sha256(path)));
    } catch (ZlensException e) {
      throw arguments.fault(FILE, e.kind(), e.getMessage(), e.hint());
    }
    Rows rows = arguments.has(FEATURES) ? features(ratings) : shares(ratings, arguments);
    rows.note(ratings.rated() + " of " + ratings.ratings().size() + " features are rated");
    ratings.about().forEach((what, value) -> rows.note(what + ": " + value));
    return rows.table();
  }

  private static Rows features(Ratings ratings) {
    Rows rows = new Rows("rated features").texts("feature", "rating", "explanation");
    for (Rating rating : ratings.ratings()) {
      rows.text("feature", rating.feature())
          .text("rating", rating.verdict().map(Verdict::word).orElse(null))
          .text("explanation", rating.explanation());
    }
    return rows;
  }

  private static Rows shares(Ratings ratings, Arguments arguments) {
    double alpha = arguments.get(ALPHA);
    long rated = ratings.rated();
    Rows rows = new Rows("ratings of features");
    for (Verdict verdict : Verdict.values()) {
      long count = ratings.count(verdict);
      ClopperPearson interval = ClopperPearson.of(count, Math.max(1, rated), alpha);
      rows.text("rating", verdict.word())
          .whole("features", Math.toIntExact(count))
          .number("share", rated == 0 ? Double.NaN : 100.0 * count / rated, "%")
          .number("lower", rated == 0 ? Double.NaN : 100 * interval.lower(), "%")
          .number("upper", rated == 0 ? Double.NaN : 100 * interval.upper(), "%");
    }
    return rows.note("exact intervals, alpha " + alpha);
  }
}
