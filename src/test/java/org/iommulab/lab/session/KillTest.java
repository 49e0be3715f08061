package org.iommulab.lab.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.iommulab.lab.language.Command;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs killed without warning lose no command that they said was done. */
final class KillTest {

  /** More with {@code -Diommulab.kills=1000}. */
  private static final int KILLS = Integer.getInteger("iommulab.kills", 8);

  private static final String CLASS_PATH =
      String.join(
          File.pathSeparator,
          System.getProperty("java.class.path"),
          System.getProperty("jdk.module.path", ""),
          "target/test-classes",
          "target/classes");

  /** Files of at most 8 KiB. */
  private static final List<String> FULL_DISK =
      List.of("bash", "-c", "ulimit -f 8; exec \"$0\" \"$@\"");

  @TempDir private Path folder;

  /** Killed while commands are given; every fourth time as soon as it deals with what is left. */
  @Test
  void nothingThatWasDoneIsLost() throws IOException, InterruptedException {
    var random = new SplittableRandom(5);
    var done = new HashSet<String>();
    for (int kill = 0; kill < KILLS; kill++) {
      // Every tenth life starts a new folder's worth of commands, so that files stay small.
      Path home = folder.resolve("home" + kill / 10);
      if (kill % 10 == 0) {
        done.clear();
      }
      int commands = kill % 4 == 3 ? 0 : 1 + random.nextInt(400);
      done.addAll(live(home, kill * 100_000, kill % 2 == 1, commands, List.of()));
      assertThat(keptIn(home)).as("after kill %d", kill).containsAll(done);
    }
  }

  /** A limit on the size of files stops a write in its middle, as a full disk does. */
  @Test
  void aFullDiskLosesNothingThatWasKept() throws IOException, InterruptedException {
    var random = new SplittableRandom(6);
    var done = new HashSet<String>();
    for (int kill = 0; kill < Math.ceilDiv(KILLS, 4); kill++) {
      int commands = 200 + random.nextInt(2000);
      done.addAll(live(folder, kill * 100_000, false, commands, FULL_DISK));
      assertThat(keptIn(folder)).as("after kill %d", kill).containsAll(done);
    }
  }

  /** A folder that cannot be made is told, and what earlier programs left elsewhere stays. */
  @Test
  void aFolderThatCannotBeWrittenStopsNobody() throws IOException, InterruptedException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(live(file.resolve("home"), 0, true, 20, List.of())).isEmpty();
  }

  /**
   * Lets a program give commands and kills it after so many; gives what it said was done while it
   * could be kept.
   */
  private static Set<String> live(
      Path home, int first, boolean restores, int commands, List<String> around)
      throws IOException, InterruptedException {
    var line = new ArrayList<String>(around);
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-XX:-UsePerfData",
            "-cp",
            CLASS_PATH,
            WritingProgram.class.getName(),
            home.toString(),
            String.valueOf(first),
            String.valueOf(restores)));
    Process program =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var said = new ArrayList<String>();
    try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i <= commands; i++) {
        String word = out.readLine();
        assertThat(word).as("the program runs until it is killed").isNotNull();
        said.add(word);
      }
      // Through the handle, so that what it said last can still be read.
      assertThat(program.toHandle().destroyForcibly()).isTrue();
      for (String word = out.readLine(); word != null; word = out.readLine()) {
        said.add(word);
      }
    }
    assertThat(program.waitFor()).isNotZero();
    return said.stream()
        .takeWhile(word -> !word.equals("trouble"))
        .filter(word -> !word.equals("offer"))
        .map(word -> "c" + word)
        .collect(Collectors.toSet());
  }

  private static Set<String> keptIn(Path home) throws IOException {
    var kept = new HashSet<String>();
    for (SessionFile file : SessionFile.left(home)) {
      KeptSession session = file.read();
      assertThat(session.damage()).isZero();
      for (Command command : session.commands()) {
        kept.add(((Command.Note) command).text());
      }
      file.close();
    }
    return kept;
  }
}
