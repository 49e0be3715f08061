package org.iommulab.ui.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.iommulab.evidence.Sample;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Desk;
import org.iommulab.ui.Faces;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.casefile.CaseModel;
import org.iommulab.ui.player.PlayClock;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOpenerTest {

  /** Never beats. */
  private static final class NoClock implements PlayClock {
    @Override
    public void after(java.time.Duration time, Runnable next) {}

    @Override
    public void stop() {}
  }

  @TempDir private Path folder;
  private final Desk desk = new Desk();
  private final Notices notices = new Notices(new Texts(Locale.ENGLISH));
  private final CaseModel cases = new CaseModel();
  private FileOpener opener;

  @BeforeEach
  void open() {
    var settings = new Settings(new Folders(folder, folder));
    opener =
        new FileOpener(
            desk.model,
            new PresetPlayer(desk.model, notices, new NoClock()),
            new RecentFiles(settings),
            notices,
            new Texts(Locale.ENGLISH),
            cases,
            () -> new Actions(java.util.Set.of()),
            new Faces(java.util.Set::of),
            new Folders(folder, folder));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  /** Waits for the file's reader, which has a thread of its own. */
  private String said(String wanted) {
    for (int i = 0; i < 20_000 && !last().contains(wanted); i++) {
      desk.settle();
    }
    return last();
  }

  private String last() {
    Notices.Notice notice = notices.currentProperty().get();
    return notice == null ? "" : notice.text();
  }

  @Test
  void refusedCommandsOfAScriptAreCountedApartAndTheFirstIsExplained() throws IOException {
    Path file = folder.resolve("half.jsonl");
    Files.writeString(
        file,
        """
        {"op":"mem.read","addr":0,"count":1}
        {"op":"dma.read","rid":"00:1f.7","iova":0,"len":4}
        {"op":"rewind","to":"nowhere"}
        """);
    opener.open(file);
    assertThat(said("carried out")).contains("1 command carried out, 2 refused").contains("1f.7");
    assertThat(desk.model.facts().position()).isEqualTo(1);
  }

  @Test
  void aForkThatIsRefusedIsTold() {
    opener.open(Sample.SMALL);
    said("Opened the dump");
    Notices.Offer fork = notices.currentProperty().get().offer();
    desk.model.change(
        lab -> {
          lab.clear();
          return lab.execute(new Command.Note("the dump is gone"));
        },
        done -> {});
    desk.settle();
    fork.accepted().run();
    assertThat(said("no dump")).contains("no dump is open to fork");
    assertThat(notices.currentProperty().get().role()).isEqualTo(Role.BAD);
  }

  @Test
  void aPastedLogIsExplained() {
    opener.paste("DMAR: Intel(R) Virtualization Technology for Directed I/O\n");
    assertThat(said("Nothing wrong")).contains("Nothing wrong is shown: VT-d is on.");
    assertThat(cases.openedProperty().get()).isNotNull();
  }

  @Test
  void aTextAboutSomethingElseIsSaidInOneSentence() {
    opener.paste("Dear colleagues,\n");
    assertThat(said("nothing about")).contains("There is nothing about an IOMMU in");
  }
}
