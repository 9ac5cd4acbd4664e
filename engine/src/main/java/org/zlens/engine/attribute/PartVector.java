package org.zlens.engine.attribute;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;
import org.zlens.engine.hook.Location;
import org.zlens.engine.hook.Site;

/**
 * The vector that a part of the residual stream is at one place of a run, and where it comes into
 * the stream, so that it can be taken away there.
 *
 * <p>A feature of an attention SAE is its activation times what the output weights make of its
 * decoder direction, and comes in with the attention output; the SAE's error stays what it is. A
 * head is what it adds to that output, an SAE's error and bias are what becomes of them. A residual
 * feature comes in where its SAE reads.
 *
 * @param location where the part comes in: an embedding, an attention or MLP output, or the stream
 *     before a block
 * @param vector {@code [d_model]}
 */
public record PartVector(Location location, float[] vector) {
  /**
   * The vector of a part; empty for what is no part of the stream, such as the constant of what
   * reads it.
   *
   * @param index head or feature, -1 if none
   * @throws ZlensException of kind RUNTIME if the part is not there, such as a feature that is not
   *     active
   */
  public static Optional<PartVector> of(
      CleanRun run, int row, int position, Part part, int layer, int index) {
    StreamParts parts = run.parts();
    return switch (part) {
      case EMBED -> Optional.of(component(run, row, position, part, Location.of(Site.EMBED)));
      case POS_EMBED ->
          Optional.of(component(run, row, position, part, Location.of(Site.POS_EMBED)));
      case ATTN_OUT, MLP_OUT -> {
        Site site = part == Part.ATTN_OUT ? Site.ATTN_OUT : Site.MLP_OUT;
        yield Optional.of(component(run, row, position, part, Location.of(site, layer)));
      }
      case HEAD ->
          Optional.of(
              piece(attention(layer), parts.heads(layer, row, position), part, layer, index));
      case RESIDUAL_FEATURE, RESIDUAL_BIAS, RESIDUAL_ERROR ->
          Optional.of(residual(run, row, position, part, layer, index));
      case ATTENTION_FEATURE, SAE_BIAS, SAE_ERROR ->
          Optional.of(
              piece(attention(layer), parts.attention(layer, row, position), part, layer, index));
      case OUTPUT_BIAS ->
          Optional.of(
              piece(attention(layer), parts.heads(layer, row, position), part, layer, index));
      case TRANSCODER_FEATURE, TRANSCODER_BIAS, TRANSCODER_SKIP, TRANSCODER_ERROR ->
          Optional.of(
              piece(
                  Location.of(Site.MLP_OUT, layer),
                  parts.mlp(layer, row, position),
                  part,
                  layer,
                  index));
      default -> Optional.empty();
    };
  }

  private static Location attention(int layer) {
    return Location.of(Site.ATTN_OUT, layer);
  }

  private static PartVector component(
      CleanRun run, int row, int position, Part part, Location location) {
    Written written = run.parts().component(part, location.layer(), location, row, position);
    return new PartVector(location, written.vectors());
  }

  private static PartVector residual(
      CleanRun run, int row, int position, Part part, int layer, int index) {
    Location location = Location.of(Site.RESID_PRE, layer);
    Written written =
        run.parts()
            .residual(layer, row, position)
            .orElseThrow(() -> absent(part, layer, index, location));
    return piece(location, written, part, layer, index);
  }

  private static PartVector piece(
      Location location, Written written, Part part, int layer, int index) {
    List<Written.Piece> pieces = written.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).part() == part && pieces.get(i).index() == index) {
        int width = written.width();
        return new PartVector(
            location, Arrays.copyOfRange(written.vectors(), i * width, (i + 1) * width));
      }
    }
    throw absent(part, layer, index, location);
  }

  private static ZlensException absent(Part part, int layer, int index, Location location) {
    return new ZlensException(
        Kind.RUNTIME,
        "'" + part.address(layer, index) + "' is no part of " + location.shortName() + " there",
        "only active features are parts of it");
  }
}
