package org.iommulab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.script.Script;
import org.iommulab.testing.Shared;
import org.junit.jupiter.api.Test;

class DeterminismTest {

  private static Laboratory run(Script script) {
    var lab = new Laboratory("qemu-7.2");
    script.commands().forEach(lab::execute);
    return lab;
  }

  private static List<String> results(Laboratory lab) {
    return lab.journal().stream().map(JournalEntry::resultJson).toList();
  }

  @Test
  void replayedJournalGivesTheSameBytes() throws IOException {
    var folder = Shared.folder("oracle/random/programs");
    if (folder.isEmpty()) {
      return;
    }
    try (var files = Files.list(folder.get())) {
      for (Path file : files.sorted().limit(10).toList()) {
        Script script = ((Reading.Good<Script>) Script.read(file)).value();
        Laboratory first = run(script);
        Laboratory second = run(first.toScript("journal"));
        assertThat(results(second)).isEqualTo(results(first));
        assertThat(MemoryDigest.of(second.view())).isEqualTo(MemoryDigest.of(first.view()));
        first.rewind(script.commands().size() / 2);
        first.rewind(script.commands().size());
        assertThat(MemoryDigest.of(first.view())).isEqualTo(MemoryDigest.of(second.view()));
        assertThat(first.view().machine().orElseThrow().unit().iotlb())
            .isEqualTo(second.view().machine().orElseThrow().unit().iotlb());
      }
    }
  }
}
