package org.iommulab.peer.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.words.Bilingual;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A program that is started with its system calls watched; where that is forbidden, says so. */
final class ProgramRunTest {

  private static final String BOOT =
      "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on\",\"era\":\"7.1\"}";

  private static Laboratory booted() {
    return booted("7.1");
  }

  private static Laboratory booted(String era) {
    var laboratory = new Laboratory("spec");
    switch (Command.parse(BOOT.replace("7.1", era))) {
      case Reading.Bad<Command>(Bilingual sentence) -> throw new AssertionError(sentence);
      case Reading.Good<Command>(Command command) ->
          assertThat(laboratory.execute(command)).isNotInstanceOf(Result.Refused.class);
    }
    return laboratory;
  }

  /** A program in Java, in a virtual machine of its own. */
  static List<String> program(Class<?> main) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classes(main) + ":" + classes(ProgramRun.class),
            main.getName()));
  }

  /** The folder that a class was loaded from. */
  private static String classes(Class<?> of) {
    URL file = of.getResource(of.getSimpleName() + ".class");
    Path path = Path.of(URI.create(String.valueOf(file)));
    for (int i = of.getName().split("[.]").length; i > 0; i--) {
      path = path.getParent();
    }
    return path.toString();
  }

  private static int run(Laboratory laboratory, List<String> command, StringWriter record) {
    try {
      return ProgramRun.run(laboratory, command, record);
    } catch (ProgramRun.Failure e) {
      System.err.println("not tried, because of this machine: " + e.getMessage());
      return -1;
    }
  }

  @Test
  void programMapsMemoryAndLeavesNothingBehind() throws Exception {
    Laboratory laboratory = booted();
    var record = new StringWriter();
    record.write(RecordReplay.HEAD + "\n" + BOOT + "\n");
    int code = run(laboratory, program(MapsMemory.class), record);
    if (code < 0) {
      return;
    }
    assertThat(code).isEqualTo(42);
    assertThat(laboratory.view().kernel().orElseThrow().leaks()).isEmpty();
    switch (RecordReplay.of(new BufferedReader(new StringReader(record.toString())))) {
      case Reading.Bad<RecordReplay>(Bilingual sentence) -> throw new AssertionError(sentence);
      case Reading.Good<RecordReplay>(RecordReplay replay) -> {
        assertThat(replay.differences()).isEmpty();
        assertThat(replay.same()).isGreaterThan(5);
        assertThat(replay.laboratory().view().kernel().orElseThrow().leaks()).isEmpty();
      }
    }
  }

  @Test
  void exitCodeAndSignalOfTheProgramComeThrough() {
    int code = run(booted(), List.of("sh", "-c", "exit 7"), new StringWriter());
    assertThat(code).isIn(7, -1);
    int killed = run(booted(), List.of("sh", "-c", "kill -9 $$"), new StringWriter());
    assertThat(killed).isIn(137, -1);
  }

  @Test
  void programThatDoesNotExistIsToldInOneSentence() {
    try {
      ProgramRun.run(booted(), List.of("there-is-no-such-program"), null);
    } catch (ProgramRun.Failure e) {
      assertThat(e.getMessage()).doesNotContain("\n").contains("cannot be");
      return;
    }
    throw new AssertionError("it was started");
  }

  @Test
  void recordThatIsNoneIsToldWithItsLine() throws Exception {
    for (String text :
        List.of(
            "",
            "{}",
            RecordReplay.HEAD + "\nx",
            RecordReplay.HEAD + "\n{\"op\":\"program\",\"asks\":{\"what\":\"Open\"}}",
            RecordReplay.HEAD + "\n{\"op\":\"program\",\"asks\":{}}")) {
      assertThat(RecordReplay.of(new BufferedReader(new StringReader(text))))
          .isInstanceOfSatisfying(
              Reading.Bad.class,
              bad -> assertThat(bad.toString()).contains("line ").doesNotContain("\n"));
    }
  }

  @Test
  void sysfsListsTheDevicesAndTakesWrites() {
    String script =
        "test -e /sys/bus/pci/devices/0000:00:03.0/vendor"
            + " && test -L /sys/bus/pci/devices/0000:00:03.0/driver"
            + " && test -c /dev/iommu"
            + " && echo 0000:00:03.0 > /sys/bus/pci/drivers/vfio-pci/unbind"
            + " && test ! -e /sys/bus/pci/devices/0000:00:03.0/driver"
            + " && test -e /etc/passwd";
    assertThat(run(booted(), List.of("sh", "-c", script), new StringWriter())).isIn(0, -1);
  }

  @Test
  void pathsUpFromOurFoldersLeadToTheMachines() {
    String script =
        "ls -la /dev/vfio /sys/bus/pci >/dev/null && test -c /dev/vfio/../null"
            + " && test -d /sys/bus/pci/../../kernel && read line </dev/vfio/../../etc/passwd";
    assertThat(run(booted(), List.of("sh", "-c", script), new StringWriter())).isIn(0, -1);
  }

  /** What a kernel does not have yet is neither listed nor found. */
  @ParameterizedTest
  @CsvSource({
    "5.15, !, !, !",
    "6.1, !, !, ''",
    "6.2, '', !, ''",
    "6.3, '', !, ''",
    "6.6, '', '', ''",
    "7.3, '', '', ''"
  })
  void nodesFollowTheAge(String era, String iommufd, String devices, String clazz) {
    String iommu = " && " + iommufd + " ";
    String device = " && " + devices + " ";
    String script =
        "test -c /dev/vfio/vfio && test -c /dev/vfio/0 && ls /dev/vfio | grep -qx vfio"
            + " && test \"$(cat /sys/class/misc/vfio/dev)\" = 10:196"
            + " && grep -q ' vfio$' /proc/devices && grep -q '^196 vfio$' /proc/misc"
            + iommu
            + "test -c /dev/iommu"
            + iommu
            + "test -r /dev/iommu"
            + iommu
            + "(: <>/dev/iommu) 2>/dev/null"
            + iommu
            + "test -e /sys/class/misc/iommu"
            + iommu
            + "test -e /sys/module/iommufd"
            + iommu
            + "grep -q ' iommu$' /proc/misc"
            + device
            + "test -c /dev/vfio/devices/vfio0"
            + device
            + "(: <>/dev/vfio/devices/vfio0) 2>/dev/null"
            + device
            + "ls /dev/vfio/devices/vfio0 2>/dev/null >/dev/null"
            + device
            + "test \"$(cat /sys/class/vfio-dev/vfio0/dev 2>/dev/null)\" = 510:0"
            + device
            + "grep -q ' vfio-dev$' /proc/devices"
            + device
            + "(ls /dev/vfio | grep -qx devices)"
            + " && "
            + clazz
            + " test -d /sys/bus/pci/devices/0000:00:03.0/vfio-dev/vfio0"
            + " && "
            + clazz
            + " test -d /sys/class/vfio-dev/vfio0";
    assertThat(run(booted(era), List.of("sh", "-c", script), new StringWriter()))
        .as(script)
        .isIn(0, -1);
  }
}
