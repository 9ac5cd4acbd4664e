package org.zlens.engine.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.zlens.engine.Fixtures;
import org.zlens.engine.ZlensException;
import org.zlens.engine.ZlensException.Kind;

/** Every broken safetensors, torch and npz file is refused for its own reason, or read unharmed. */
class BrokenFilesTest {
  /** Sound containers whose content is no SAE: for the readers of SAEs to refuse. */
  private static final Set<String> SOUND =
      Set.of(
          "pickle/missing_b_dec.pt",
          "pickle/wrong_orientation.pt",
          "pickle/unknown_extra_tensor.pt",
          "pickle/nan_weights.pt",
          "pickle/inf_weights.pt");

  /** A word of the cause that the message must name. */
  static final Map<String, String> CAUSES =
      Map.ofEntries(
          Map.entry("evil_reduce_os_system.pt", "posix.system"),
          Map.entry("evil_nt_system.pt", "nt.system"),
          Map.entry("evil_stack_global.pt", "os.system"),
          Map.entry("evil_inst.pt", "os.system"),
          Map.entry("evil_obj.pt", "os.system"),
          Map.entry("evil_newobj.pt", "subprocess.Popen"),
          Map.entry("evil_builtins_eval.pt", "__builtin__.eval"),
          Map.entry("evil_getattr_chain.pt", "__builtin__.getattr"),
          Map.entry("evil_rebuild_lookalike.pt", "torch._utils._import_dotted_name"),
          Map.entry("evil_in_bloom_cfg.pt", "posix.system"),
          Map.entry("evil_build.pt", "posix.system"),
          Map.entry("evil_bare_pickle.pt", "system"),
          Map.entry("truncated_pickle.pt", "truncated"),
          Map.entry("bad_opcode.pt", "unknown opcode"),
          Map.entry("stack_underflow.pt", "underflow"),
          Map.entry("memo_missing.pt", "memo slot"),
          Map.entry("no_stop.pt", "truncated"),
          Map.entry("future_protocol.pt", "protocol 9"),
          Map.entry("huge_string_length.pt", "beyond the end"),
          Map.entry("deep_nesting.pt", "nested deeper"),
          Map.entry("empty_data_pkl.pt", "truncated"),
          Map.entry("storage_too_small.pt", "holds 12 bytes, expected 96"),
          Map.entry("numel_disagrees.pt", "expected 4000"),
          Map.entry("shape_beyond_storage.pt", "reaches beyond its storage"),
          Map.entry("offset_beyond_storage.pt", "offset 1000 reaches beyond"),
          Map.entry("negative_offset.pt", "negative offset"),
          Map.entry("negative_size.pt", "negative"),
          Map.entry("negative_stride.pt", "negative stride"),
          Map.entry("rank_mismatch.pt", "2 sizes and 1 strides"),
          Map.entry("stride_zero_bomb.pt", "repeats a storage"),
          Map.entry("size_overflow.pt", "overflow"),
          Map.entry("storage_missing.pt", "no entry for the storage '7'"),
          Map.entry("storage_key_traversal.pt", "impossible storage key '../../x'"),
          Map.entry("unknown_storage_type.pt", "torch.NoSuchStorage"),
          Map.entry("quantized.pt", "torch.QInt8Storage"),
          Map.entry("not_a_state_dict.pt", "no tensors"),
          Map.entry("duplicate_key.pt", "'W_enc' is given twice"),
          Map.entry("pickle/path_traversal.pt", "outside the archive"),
          Map.entry("duplicate_entry.pt", "duplicate"),
          Map.entry("two_top_folders.pt", "more than one data.pkl"),
          Map.entry("no_data_pkl.pt", "without data.pkl"),
          Map.entry("truncated_zip.pt", "not a whole zip"),
          Map.entry("empty.pt", "is empty"),
          Map.entry("text.pt", "not a torch archive"),
          Map.entry("lfs_pointer.pt", "git-lfs pointer"),
          Map.entry("html_page.pt", "web page"),
          Map.entry("damaged_crc.pt", "CRC-32"),
          Map.entry("truncated_data.safetensors", "cut short"),
          Map.entry("truncated_header.safetensors", "exceeds the file"),
          Map.entry("header_length_huge.safetensors", "over the limit"),
          Map.entry("header_length_negative.safetensors", "over the limit"),
          Map.entry("header_length_over_file.safetensors", "exceeds the file"),
          Map.entry("header_length_over_limit.safetensors", "over the limit"),
          Map.entry("header_length_zero.safetensors", "not a JSON object"),
          Map.entry("not_json.safetensors", "not valid JSON"),
          Map.entry("json_array.safetensors", "not a JSON object"),
          Map.entry("json_trailing.safetensors", "token 'garbage'"),
          Map.entry("invalid_utf8.safetensors", "not UTF-8"),
          Map.entry("duplicate_name.safetensors", "Duplicate field 'a'"),
          Map.entry("overlap.safetensors", "overlaps"),
          Map.entry("identical_range.safetensors", "overlaps"),
          Map.entry("out_of_range.safetensors", "cut short"),
          Map.entry("hole.safetensors", "hole"),
          Map.entry("trailing_bytes.safetensors", "8 bytes after the last tensor"),
          Map.entry("reversed_offsets.safetensors", "not a begin and an end"),
          Map.entry("safetensors/negative_offset.safetensors", "data_offsets holds"),
          Map.entry("size_mismatch.safetensors", "needs 96 bytes, data_offsets give 48"),
          Map.entry("negative_shape.safetensors", "shape holds something else"),
          Map.entry("float_shape.safetensors", "shape holds something else"),
          Map.entry("shape_overflow.safetensors", "overflow"),
          Map.entry("unknown_dtype.safetensors", "unknown dtype 'F33'"),
          Map.entry("missing_offsets.safetensors", "no data_offsets"),
          Map.entry("metadata_not_strings.safetensors", "not a text"),
          Map.entry("empty_file.safetensors", "is empty"),
          Map.entry("seven_bytes.safetensors", "has 7 bytes"),
          Map.entry("lfs_pointer.safetensors", "git-lfs pointer"),
          Map.entry("object_array.npz", "objects, which is a pickle"),
          Map.entry("header_not_literal.npz", "not of NumPy's form"),
          Map.entry("bad_magic.npz", "magic number is missing"),
          Map.entry("short_body.npz", "the body has 40"),
          Map.entry("huge_shape.npz", "needs 4611686018427387904 bytes"),
          Map.entry("negative_shape.npz", "negative"),
          Map.entry("npz/path_traversal.npz", "outside the archive"));

  @TestFactory
  List<DynamicTest> everyBrokenFile() throws IOException {
    Path root = Fixtures.path("saes/broken/expected.json").getParent();
    JsonNode expected = new ObjectMapper().readTree(root.resolve("expected.json").toFile());
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode entry : expected.get("files")) {
      String path = entry.get("path").textValue();
      if (Set.of("torch", "safetensors", "npz").contains(entry.get("kind").textValue())) {
        String expect = SOUND.contains(path) ? "load" : entry.get("expect").textValue();
        tests.add(DynamicTest.dynamicTest(path, () -> check(root, path, expect)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(90);
    return tests;
  }

  private static void check(Path root, String path, String expect) {
    Throwable thrown = catchThrowable(() -> readAll(root.resolve(path)));
    if (expect.equals("load")) {
      assertThat(thrown).isNull();
    } else if (thrown != null) {
      assertThat(thrown).isInstanceOf(ZlensException.class);
      assertThat(((ZlensException) thrown).kind()).isEqualTo(Kind.DATA);
      assertThat(thrown).hasMessageStartingWith("'" + root.resolve(path) + "'");
      String cause = CAUSES.getOrDefault(path, CAUSES.get(path.substring(path.indexOf('/') + 1)));
      assertThat(cause)
          .as("the expected cause of %s, which said: %s", path, thrown.getMessage())
          .isNotNull();
      assertThat(thrown.getMessage().substring(root.toString().length())).contains(cause);
    } else {
      assertThat(expect).as("'%s' was read", path).isNotEqualTo("refuse");
    }
    assertThat(root.getParent().getParent().resolve("PICKLE_WAS_EXECUTED")).doesNotExist();
    assertThat(Path.of("PICKLE_WAS_EXECUTED")).doesNotExist();
    assertThat(Files.exists(root.resolve(path).resolveSibling("PICKLE_WAS_EXECUTED"))).isFalse();
  }

  private static void readAll(Path path) {
    try (TensorFile file =
        path.toString().endsWith(".pt") ? TorchArchive.open(path) : openByName(path)) {
      for (String name : file.names()) {
        file.floats(name);
      }
    }
  }

  private static TensorFile openByName(Path path) {
    return path.toString().endsWith(".npz") ? Npz.open(path) : Safetensors.open(path);
  }
}
