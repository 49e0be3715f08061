package org.iommulab.app;

import java.util.List;
import org.iommulab.cli.CommandLine;

/**
 * Starts the desktop, draws pictures without a window, or carries out a command of the command
 * line.
 */
public final class Main {

  private static final List<String> DESKTOP_OPTIONS =
      List.of("--preset", "--open", "--lang", "--theme");

  private Main() {}

  public static void main(String[] args) {
    int code = run(args);
    if (code != CommandLine.DONE) {
      System.exit(code);
    }
  }

  private static int run(String... args) {
    if (isForDesktop(args)) {
      return DesktopLauncher.launch(args);
    }
    if (args[0].equals("render")) {
      return RenderCommand.run(List.of(args).subList(1, args.length));
    }
    return CommandLine.run(args);
  }

  private static boolean isForDesktop(String... args) {
    return args.length == 0
        || DESKTOP_OPTIONS.stream()
            .anyMatch(option -> args[0].equals(option) || args[0].startsWith(option + "="));
  }
}
