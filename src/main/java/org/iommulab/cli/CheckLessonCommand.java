package org.iommulab.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iommulab.course.Fault;
import org.iommulab.course.Lesson;
import org.iommulab.course.LessonCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code iommu-lab check-lesson}: what is wrong with lessons, one sentence each. */
@Command(
    name = "check-lesson",
    description = {
      "Check lessons: form, commands, answers, reasons for wrong answers, things shown, languages.",
      "One line for each fault, with the file and its line; exit 1 if there is any.",
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class CheckLessonCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      converter = InputFile.class,
      arity = "1..*",
      description = "Lessons in YAML.")
  private List<Path> files = List.of();

  @Override
  public Integer call() {
    int code = CommandLine.DONE;
    var out = spec.commandLine().getOut();
    for (Path file : files) {
      Lesson.Read read = Lesson.read(file);
      List<Fault> faults = LessonCheck.of(read);
      faults.forEach(fault -> out.println(fault.in(file.toString())));
      if (faults.isEmpty()) {
        Lesson lesson = read.lesson().orElseThrow();
        out.println(
            String.format(
                Locale.ROOT,
                "%s: %d steps, %d questions, %s",
                file,
                lesson.steps().size(),
                lesson.questions().size(),
                String.join(" and ", lesson.languages())));
      } else {
        boolean unusable = read.lesson().isEmpty();
        code = Math.max(code, unusable ? CommandLine.BAD_INPUT : CommandLine.EXPECTATION_FAILED);
      }
    }
    return code;
  }
}
