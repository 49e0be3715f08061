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
    if (isDesktopOption(args[0])) {
      return CommandLine.run("--help");
    }
    if (args[0].equals("render")) {
      return RenderCommand.run(List.of(args).subList(1, args.length));
    }
    if (args[0].equals("report")) {
      return ReportCommand.run(List.of(args).subList(1, args.length));
    }
    if (args[0].equals("bench")) {
      WindowBench.add();
      CallBench.add();
    }
    return CommandLine.run(args);
  }

  private static boolean isForDesktop(String... args) {
    if (DesktopOptions.isExec(List.of(args))) {
      return true;
    }
    if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
      return false;
    }
    return args.length == 0 || isDesktopOption(args[0]);
  }

  private static boolean isDesktopOption(String word) {
    return DESKTOP_OPTIONS.stream()
        .anyMatch(option -> word.equals(option) || word.startsWith(option + "="));
  }
}
