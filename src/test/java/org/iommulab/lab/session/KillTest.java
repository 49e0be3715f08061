package org.iommulab.lab.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
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

  @TempDir private Path folder;

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
      done.addAll(live(home, kill * 100_000, kill % 2 == 1, 1 + random.nextInt(400)));
      assertThat(keptIn(home)).as("after kill %d", kill).containsAll(done);
    }
  }

  /** Lets a program give commands and kills it after so many; gives what it said was done. */
  private static Set<String> live(Path home, int first, boolean restores, int commands)
      throws IOException, InterruptedException {
    Process program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                CLASS_PATH,
                WritingProgram.class.getName(),
                home.toString(),
                String.valueOf(first),
                String.valueOf(restores))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var done = new HashSet<String>();
    try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
      for (int i = 0; i < commands; i++) {
        String line = out.readLine();
        assertThat(line).as("the program runs until it is killed").isNotNull();
        done.add("c" + line);
      }
      // Through the handle, so that what it said last can still be read.
      assertThat(program.toHandle().destroyForcibly()).isTrue();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        done.add("c" + line);
      }
    }
    assertThat(program.waitFor()).isNotZero();
    return done;
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
