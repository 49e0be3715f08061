package org.iommulab.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.iommulab.evidence.inspection.Inspection;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every capture, inspected, equals the truth that was recorded with it. */
class CapturesTest {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** A trimmed dump does not tell how much RAM the machine had. */
  private static final String UNKNOWABLE = "ram_bytes";

  /** Keys that the truth of the older captures does not have. */
  private static final Set<String> NEWER =
      Set.of(
          "nxe",
          "emte",
          "cd",
          "flags_q0",
          "flags_q1",
          "flags_q2",
          "nonleaf_entries",
          "nonleaf_with_A",
          "path_rights_narrower",
          "flags_by_level");

  @TestFactory
  Stream<DynamicTest> inspectionEqualsTruth() {
    return snapshots().stream()
        .map(folder -> DynamicTest.dynamicTest(name(folder), () -> compare(folder, folder)));
  }

  @TestFactory
  Stream<DynamicTest> limeImageTellsTheSame() {
    return snapshots().stream()
        .map(folder -> folder.resolve("trimmed.lime.gz"))
        .filter(Files::exists)
        .map(lime -> DynamicTest.dynamicTest(name(lime), () -> compare(lime, lime.getParent())));
  }

  @Test
  void capturesAreFoundWhereTheTruthMaterialIs() {
    assertThat(Shared.folder("captures").isEmpty() || !snapshots().isEmpty()).isTrue();
  }

  private static void compare(Path dump, Path folder) throws IOException {
    Evidence evidence = Evidence.open(dump);
    assertThat(evidence).isInstanceOf(Snapshot.class);
    ObjectNode told = (ObjectNode) JSON.readTree(Inspection.json((Snapshot) evidence));
    ObjectNode truth = (ObjectNode) truth(folder);
    truth.remove(UNKNOWABLE);
    var differences = new ArrayList<String>();
    compare("", truth, told, differences);
    assertThat(differences).isEmpty();
  }

  private static void compare(String path, JsonNode truth, JsonNode told, List<String> out) {
    if (truth.equals(told) || out.size() > 20) {
      return;
    }
    if (truth.isObject() && told.isObject()) {
      for (String name : truth.propertyNames()) {
        JsonNode other = told.get(name);
        if (other == null) {
          out.add(path + "/" + name + " is missing");
        } else {
          compare(path + "/" + name, truth.get(name), other, out);
        }
      }
      for (String name : told.propertyNames()) {
        if (!truth.has(name) && !NEWER.contains(name)) {
          out.add(path + "/" + name + " is too much: " + told.get(name));
        }
      }
    } else if (truth.isArray() && told.isArray() && truth.size() == told.size()) {
      for (int i = 0; i < truth.size(); i++) {
        compare(path + "/" + i, truth.get(i), told.get(i), out);
      }
    } else if (!truth.isNumber() || !told.isNumber() || truth.longValue() != told.longValue()) {
      out.add(path + ": " + brief(truth) + " but told " + brief(told));
    }
  }

  private static String brief(JsonNode node) {
    return node.isArray() ? node.size() + " items" : node.toString();
  }

  private static JsonNode truth(Path folder) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(folder.resolve("truth.json.gz")))) {
      return JSON.readTree(in);
    }
  }

  private static String name(Path path) {
    Path folder = Files.isDirectory(path) ? path : path.getParent();
    return folder.getParent().getFileName() + "/" + folder.getFileName();
  }

  private static List<Path> snapshots() {
    return Stream.of("captures", "captures73")
        .flatMap(name -> Shared.folder(name).stream())
        .flatMap(folder -> snapshots(folder).stream())
        .toList();
  }

  private static List<Path> snapshots(Path captures) {
    try (Stream<Path> all = Files.walk(captures, 3)) {
      return all.filter(path -> Files.exists(path.resolve("truth.json.gz"))).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
