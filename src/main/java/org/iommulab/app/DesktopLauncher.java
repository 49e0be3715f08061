package org.iommulab.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javafx.application.Application;
import org.iommulab.cli.CommandLine;
import org.iommulab.lab.language.Reading;
import org.iommulab.ui.settings.Folders;
import org.iommulab.words.Bilingual;

/** Starts the desktop, or says in one sentence why that is not possible. */
final class DesktopLauncher {

  private static final String NO_DISPLAY =
      "iommu-lab: there is no display to open a window on; set DISPLAY, or draw pictures without a"
          + " window: iommu-lab render PRESET --out DIR";

  private DesktopLauncher() {}

  static int launch(String... args) {
    switch (DesktopOptions.parse(List.of(args))) {
      case Reading.Bad<DesktopOptions>(Bilingual sentence) -> {
        System.err.println("iommu-lab: " + sentence);
        return CommandLine.BAD_INPUT;
      }
      case Reading.Good<DesktopOptions> good -> {
        return launchWindow(args);
      }
    }
  }

  private static int launchWindow(String... args) {
    if (!hasDisplay()) {
      System.err.println(NO_DISPLAY);
      return CommandLine.BAD_INPUT;
    }
    Path home = Path.of(System.getProperty("user.home", "."));
    WarmUp.start(Folders.ofUser(System.getenv(), home), Opening.FIRST_PRESET);
    try {
      Application.launch(Desktop.class, args);
      return DesktopOptions.isExec(List.of(args)) ? Desktop.exitCode() : CommandLine.DONE;
    } catch (UnsupportedOperationException e) {
      System.err.println(NO_DISPLAY);
      return CommandLine.BAD_INPUT;
    }
  }

  /** X11 names its display in the environment; other systems always have one. */
  static boolean hasDisplay() {
    boolean linux = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    String display = System.getenv("DISPLAY");
    return !linux
        || "Headless".equals(System.getProperty("glass.platform"))
        || display != null && !display.isEmpty();
  }
}
