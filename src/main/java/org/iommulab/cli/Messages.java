package org.iommulab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.iommulab.words.OneLine;
import org.iommulab.words.WhyNot;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What people are told when something is wrong: one sentence. */
final class Messages {

  private Messages() {}

  static void say(PrintWriter err, String sentence) {
    err.println("iommu-lab: " + OneLine.of(InputFile.asGiven(sentence)));
  }

  static int badArguments(ParameterException e, String[] args) {
    picocli.CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    say(command.getErr(), sentence(e) + "; see " + help);
    return CommandLine.BAD_INPUT;
  }

  private static String sentence(ParameterException e) {
    return switch (e) {
      case UnmatchedArgumentException unmatched -> unmatched(unmatched);
      case MissingParameterException missing -> missing(missing);
      case OverwrittenOptionException twice -> name(twice.getOverwritten()) + " is given twice";
      case ParameterException other when other.getCause() instanceof InputFile.Unkept why ->
          String.valueOf(why.getMessage());
      default ->
          e.getArgSpec() != null && e.getValue() != null
              ? name(e.getArgSpec()) + " cannot be \"" + e.getValue() + "\""
              : decapitalize(firstLine(e));
    };
  }

  private static String missing(MissingParameterException e) {
    List<String> names = e.getMissing().stream().map(Messages::name).toList();
    return names.isEmpty()
        ? "something is missing"
        : name(e.getCommandLine().getCommandSpec()) + " needs " + String.join(" and ", names);
  }

  /** Some commands have the program's name in theirs, which is said before every message. */
  private static String name(CommandSpec command) {
    return command.name().substring(command.name().lastIndexOf(' ') + 1);
  }

  private static String name(ArgSpec argument) {
    String value = argument.paramLabel();
    return argument instanceof OptionSpec option
        ? option.longestName() + (argument.arity().max() == 0 ? "" : " " + value)
        : value;
  }

  private static String unmatched(UnmatchedArgumentException unmatched) {
    String first = unmatched.getUnmatched().getFirst();
    boolean isWord = !first.startsWith("-");
    boolean isCommand = isWord && !unmatched.getCommandLine().getSubcommands().isEmpty();
    if (isWord && !isCommand) {
      return tooMany(first, unmatched.getCommandLine().getCommandSpec());
    }
    List<String> similar = unmatched.getSuggestions();
    return "there is no "
        + (isCommand ? "command" : "option")
        + " \""
        + first
        + "\""
        + (similar.isEmpty() ? "" : " (did you mean " + String.join(" or ", similar) + "?)");
  }

  private static String tooMany(String word, CommandSpec command) {
    List<String> taken =
        command.positionalParameters().stream().map(parameter -> parameter.paramLabel()).toList();
    return name(command)
        + " takes "
        + (taken.isEmpty() ? "no file or name" : String.join(" and ", taken))
        + "; \""
        + word
        + "\" is one word too many";
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** A sentence as a message says it: small at the beginning, without its full stop. */
  static String plain(String sentence) {
    return decapitalize(
        sentence.endsWith(".") || sentence.endsWith("。")
            ? sentence.substring(0, sentence.length() - 1)
            : sentence);
  }

  static String decapitalize(String text) {
    return text.length() > 1 && Character.isLowerCase(text.charAt(1))
        ? text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1)
        : text;
  }

  static int failed(Exception e, picocli.CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    String place = saveReport(e, parsed.originalArgs());
    say(err, "this is a mistake of the program, not yours; " + place);
    return CommandLine.BUG;
  }

  private static String saveReport(Exception e, List<String> args) {
    var text = new StringWriter();
    var report = new PrintWriter(text);
    report.println("iommu-lab " + Version.text());
    report.println("Java " + Runtime.version());
    report.println("arguments: " + String.join(" ", args));
    e.printStackTrace(report);
    report.flush();
    try {
      Path file = Files.createTempFile("iommu-lab-report-", ".txt");
      Files.writeString(file, text.toString());
      return "a report is in " + file;
    } catch (IOException io) {
      return "no report could be saved: " + WhyNot.written(io);
    }
  }

  static int outOfMemory(PrintWriter err) {
    say(err, "there is not enough memory for this; give Java more with JAVA_TOOL_OPTIONS=-Xmx4g");
    return CommandLine.BAD_INPUT;
  }
}
