package org.iommulab.ui.file;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.settings.Folders;

/** Mistakes of ours: one sentence for the person, the details in a file for a report. */
@Singleton
public final class MistakeLog {

  private final LabModel model;
  private final Notices notices;
  private final Texts texts;
  private final Executor fx;
  private final Path file;

  @Inject
  public MistakeLog(
      LabModel model, Notices notices, Texts texts, Folders folders, @FxThread Executor fx) {
    this.model = model;
    this.notices = notices;
    this.texts = texts;
    this.fx = fx;
    file = folders.state().resolve("mistakes.log");
  }

  /** Hears of everything that goes wrong from now on. */
  public void start() {
    model.setOnMistake(this::tell);
    Thread.setDefaultUncaughtExceptionHandler((thread, mistake) -> fx.execute(() -> tell(mistake)));
  }

  private void tell(Throwable mistake) {
    Throwable cause =
        mistake instanceof CompletionException && mistake.getCause() != null
            ? mistake.getCause()
            : mistake;
    write(cause);
    notices.tell(Role.BAD, () -> texts.get("mistake", String.valueOf(cause.getMessage()), file));
  }

  private void write(Throwable mistake) {
    var text = new StringWriter();
    mistake.printStackTrace(new PrintWriter(text));
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(
          file, text.toString(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      // The sentence on screen is all we can leave then.
    }
  }
}
