package org.iommulab.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.iommulab.course.mend.Ailment;
import org.iommulab.course.mend.Catalogue;
import org.iommulab.lab.language.Nearest;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.replay.CallLog;
import org.iommulab.lab.replay.CallReplay;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.script.Script;

/**
 * Something to run.
 *
 * @param script its commands
 * @param file name of the file for its results
 */
record Program(Script script, String file) {

  /** How entries of the catalogue of broken drivers begin. */
  static final String BROKEN = "break-it/";

  /** An entry of the catalogue; its expectations hold while the bug shows. */
  private static Reading<Program> broken(String word) {
    String name = word.substring(BROKEN.length());
    return Catalogue.named(name)
        .map(one -> one.broken().then(script -> new Program(script, name + ".jsonl")))
        .orElseGet(
            () -> {
              List<String> names = Catalogue.all().stream().map(Ailment::name).toList();
              return new Reading.Bad<>(
                  "there is no broken driver \""
                      + name
                      + "\""
                      + Nearest.hintOrAll(name, names, "those"));
            });
  }

  /**
   * Finds a program: a script, a preset in a file, a preset that ships with the program, or a
   * broken driver of the catalogue.
   */
  static Reading<Program> find(String word) {
    return InputFile.named(word).thenRead(path -> find(word, path));
  }

  private static Reading<Program> find(String word, Path path) {
    if (!Files.exists(path) && word.startsWith(BROKEN)) {
      return broken(word);
    }
    if (!Files.exists(path)) {
      return Presets.named(word)
          .<Reading<Program>>map(
              preset -> new Reading.Good<>(new Program(preset.script(), word + ".jsonl")))
          .orElseGet(
              () ->
                  new Reading.Bad<>(
                      String.format(
                          Locale.ROOT,
                          "there is no file and no preset \"%s\"; presets are %s",
                          word,
                          CommandLine.presets())));
    }
    String name = String.valueOf(path.getFileName());
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (CallLog.isOne(path)) {
      return CallLog.read(path)
          .thenRead(log -> CallReplay.of(log, false))
          .then(replay -> new Program(replay.script(), name.replace(".gz", "")));
    }
    boolean yaml = ending.equals("yaml") || ending.equals("yml");
    Reading<Script> script = yaml ? Preset.read(path).then(Preset::script) : Script.read(path);
    String file = yaml ? name.substring(0, name.lastIndexOf('.')) + ".jsonl" : name;
    return script.then(commands -> new Program(commands, file));
  }
}
