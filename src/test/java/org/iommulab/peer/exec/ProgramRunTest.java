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
import org.junit.jupiter.api.Test;

/** A program that is started with its system calls watched; where that is forbidden, says so. */
final class ProgramRunTest {

  private static final String BOOT =
      "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on\",\"era\":\"7.1\"}";

  private static Laboratory booted() {
    var laboratory = new Laboratory("spec");
    switch (Command.parse(BOOT)) {
      case Reading.Bad<Command>(String sentence) -> throw new AssertionError(sentence);
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
      case Reading.Bad<RecordReplay>(String sentence) -> throw new AssertionError(sentence);
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
}
