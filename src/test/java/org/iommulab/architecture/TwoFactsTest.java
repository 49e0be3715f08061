package org.iommulab.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.ScriptedLab;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.machine.Machine;
import org.iommulab.lab.machine.MachineSpec;
import org.iommulab.lab.run.Rig;
import org.iommulab.memory.PhysicalMemory;
import org.iommulab.testing.Project;
import org.iommulab.vtd.config.Profiles;
import org.junit.jupiter.api.Test;

/**
 * Two facts followed with a finger, class by class, are as {@code docs/architecture.md} draws them,
 * and no class is visited twice on the way.
 */
final class TwoFactsTest {

  private static final String HEADING = "## Two facts, followed with a finger";

  /** A page of the process on a frame that nothing else names. */
  private static final long PAGE = 0x17FFFF;

  private static final String IOVA = "0x1003ff000";

  private final Finger finger = new Finger();
  private final PhysicalMemory memory =
      PhysicalMemory.of(MachineSpec.laboratory(Profiles.SPEC).ram());
  private final Rig rig = rig();

  private Rig rig() {
    memory.borrowFrom(finger);
    return new Rig(new Machine(MachineSpec.laboratory(Profiles.SPEC), memory));
  }

  private void run(String line) {
    finger.lift();
    Result result = rig.execute(ScriptedLab.command(line));
    assertThat(result).as(line).isNotInstanceOf(Result.Refused.class);
    assertThat(result.succeeded()).as(line + ": " + result.fields()).isTrue();
  }

  private void boot(boolean compatible) {
    run(
        "{'op':'linux.boot','cmdline':'intel_iommu=on','kconfig':{'IOMMUFD_VFIO_CONTAINER':%s}}"
            .formatted(compatible));
    run("{'op':'call','fn':'vfio_attach_device','args':{'device':'nic'}}");
    run("{'op':'user.alloc','as':'ram','len':'0x1000','frames':[{'first':'0x17ffff'}]}");
    run(
        "{'op':'call','fn':'vfio_dma_map','args':{'iova':'%s','size':'0x1000','vaddr':'ram'}}"
            .formatted(IOVA));
  }

  @Test
  void iovaGoesDownToTheEntryByTheContainer() throws IOException {
    boot(false);
    assertThat(finger.lastTo(entry(), true)).isEqualTo(drawn(0)).doesNotHaveDuplicates();
  }

  @Test
  void iovaGoesDownToTheEntryByIommufd() throws IOException {
    boot(true);
    assertThat(finger.lastTo(entry(), true)).isEqualTo(drawn(1)).doesNotHaveDuplicates();
  }

  @Test
  void writeOfTheDeviceFindsItsEntryAndThenItsMemory() throws IOException {
    boot(true);
    run("{'op':'dma.write','rid':'nic','iova':'%s','data':'696f'}".formatted(IOVA));
    assertThat(finger.lastTo(entry(), false)).isEqualTo(drawn(2)).doesNotHaveDuplicates();
    assertThat(finger.lastTo(PAGE, true)).isEqualTo(drawn(3)).doesNotHaveDuplicates();
    assertThat((short) memory.readQword(PAGE << 12)).isEqualTo((short) 0x6F69);
  }

  /** Frame of the table with the leaf that maps the page. */
  private long entry() {
    return finger.holding(quadword -> (quadword & 0xF_FFFF_FFFF_F000L) == PAGE << 12);
  }

  /** Classes of a picture of the page, which has one a line, its name first. */
  private static List<String> drawn(int picture) throws IOException {
    String page = Files.readString(Project.file("docs/architecture.md"));
    String section = page.substring(page.indexOf(HEADING) + HEADING.length()).split("\n## ")[0];
    String[] parts = section.split("```");
    var classes = new ArrayList<String>();
    for (String line : parts[2 * picture + 1].strip().lines().toList()) {
      classes.add(line.strip().split(" ")[0]);
    }
    return classes;
  }
}
