package org.iommulab.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.ScriptedLab;
import org.iommulab.lab.check.Violation.Rule;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold holds in every preset, and is told where it does not. */
class InvariantsTest {

  static List<Preset> presets() {
    return Presets.all();
  }

  @ParameterizedTest
  @MethodSource("presets")
  void everyFindingOfAPresetIsExcused(Preset preset) {
    var laboratory = new Laboratory();
    for (Command command : preset.script().commands()) {
      laboratory.execute(command);
    }
    assertThat(findings(laboratory)).allMatch(Violation::excused);
  }

  private static List<Violation> findings(Laboratory laboratory) {
    return laboratory.view().violations();
  }

  @Test
  void tableInFreePageFrameIsFound() {
    var script = new ScriptedLab();
    script.run("{'op':'machine'}", "{'op':'linux.boot','cmdline':'intel_iommu=on'}");
    script.expect("findings", "0");
    long root = script.lab().view().machine().orElseThrow().unit().read(0x20, 8) & -4096L;
    script.kernel().frames().free(root >>> 12);
    assertThat(findings(script.lab()))
        .anyMatch(finding -> finding.rule() == Rule.LINKED_FRAMES_ARE_OWNED && !finding.excused())
        .anyMatch(finding -> finding.text().contains("that page frame is free"));
  }
}
