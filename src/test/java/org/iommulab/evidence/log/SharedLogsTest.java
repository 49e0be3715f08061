package org.iommulab.evidence.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.iommulab.evidence.diagnosis.Explanation;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Logs from public reports, each with what a perfect reader extracts. */
final class SharedLogsTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  Stream<DynamicTest> everyLogIsReadAsItsTruthSays() throws IOException {
    Path folder = Shared.folder("logs").orElse(null);
    if (folder == null) {
      return Stream.empty();
    }
    List<Path> logs;
    try (Stream<Path> files = Files.list(folder)) {
      logs = files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    assertThat(logs).isNotEmpty();
    return logs.stream()
        .map(log -> DynamicTest.dynamicTest("" + log.getFileName(), () -> check(log)));
  }

  private static void check(Path log) throws IOException {
    Path truth = Path.of(log.toString().replaceFirst("\\.txt$", ".json"));
    JsonNode expected = JSON.readTree(Files.readString(truth)).get("expect");
    var text = new StringWriter();
    Explanation.of(KernelLog.read(log)).writeJson(text);
    var differences = new ArrayList<String>();
    compare("", expected, JSON.readTree(text.toString()), differences);
    assertThat(differences).isEmpty();
  }

  /** Everything that the truth says must be there; more may be. */
  private static void compare(String at, JsonNode want, JsonNode got, List<String> differences) {
    if (at.endsWith("/messages")) {
      if (!words(want).equals(words(got))) {
        differences.add(at + ": " + want + " but " + got);
      }
    } else if (want.isObject()) {
      want.properties()
          .forEach(
              member -> {
                JsonNode value = got.get(member.getKey());
                boolean remark = member.getKey().endsWith("_note");
                if (!remark && (value != null || !member.getValue().isNull())) {
                  String path = at + "/" + member.getKey();
                  compare(
                      path,
                      member.getValue(),
                      value == null ? JSON.nullNode() : value,
                      differences);
                }
              });
    } else if (want.isArray() && want.size() == got.size()) {
      for (int i = 0; i < want.size(); i++) {
        compare(at + "/" + i, want.get(i), got.get(i), differences);
      }
    } else if (!want.equals(got)) {
      differences.add(at + ": " + want + " but " + got);
    }
  }

  private static Set<String> words(JsonNode list) {
    var words = new HashSet<String>();
    list.forEach(word -> words.add(word.asString()));
    return words;
  }
}
