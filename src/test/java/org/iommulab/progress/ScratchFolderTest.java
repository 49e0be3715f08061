package org.iommulab.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ScratchFolderTest {

  /** Another process, which holds a folder until it is told to end. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (ScratchFolder folder = ScratchFolder.make("test")) {
        Files.writeString(folder.path().resolve("file"), "content");
        System.out.println(folder.path());
        System.exit(System.in.read());
      }
    }
  }

  private static Process holder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            String.join(
                ":",
                System.getProperty("java.class.path"),
                System.getProperty("jdk.module.path", ""),
                "target/classes",
                "target/test-classes"),
            Holder.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void whatAKilledProcessHasLeftIsTakenAwayAndNothingElse() throws Exception {
    Process living = holder();
    Process killed = holder();
    try (BufferedReader ofLiving = living.inputReader();
        BufferedReader ofKilled = killed.inputReader();
        ScratchFolder own = ScratchFolder.make("test")) {
      Path kept = Path.of(Objects.requireNonNull(ofLiving.readLine()));
      Path left = Path.of(Objects.requireNonNull(ofKilled.readLine()));
      Path users = Files.createTempDirectory("iommu-lab-test-of");
      killed.destroyForcibly().waitFor();
      assertThat(left).exists();
      ScratchFolder.make("test").close();
      assertThat(left.getParent()).doesNotExist();
      assertThat(kept.resolve("file")).exists();
      assertThat(own.path()).exists();
      assertThat(users).exists();
      Files.delete(users);
    } finally {
      living.destroyForcibly();
      killed.destroyForcibly();
    }
  }

  @Test
  void aFolderGoesWithAllThatIsInIt() throws IOException {
    ScratchFolder folder = ScratchFolder.make("test");
    Files.createDirectories(folder.path().resolve("a/b"));
    Files.writeString(folder.path().resolve("a/b/c"), "");
    folder.close();
    assertThat(folder.path().getParent()).doesNotExist();
  }
}
