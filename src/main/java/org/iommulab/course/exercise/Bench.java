package org.iommulab.course.exercise;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import org.iommulab.course.exercise.Exercise.Answer;
import org.iommulab.course.exercise.Exercise.Table;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** A laboratory in which an exercise is set up, and the dice. */
final class Bench {

  final Laboratory lab = new Laboratory();
  final Random dice;
  private final long seed;
  private final List<Command> done = new ArrayList<>();

  Bench(long seed) {
    this.seed = seed;
    // Random alone begins neighbouring seeds alike, and those are on one sheet.
    dice = new Random(new SplittableRandom(seed).nextLong());
  }

  /** Carries out a line of a script. */
  Result run(String format, Object... values) {
    String line = values.length == 0 ? format : String.format(Locale.ROOT, format, values);
    return switch (Command.parse(line.replace('\'', '"'))) {
      case Reading.Good<Command>(Command command) -> {
        Result result = lab.execute(command);
        if (result instanceof Result.Refused(Bilingual sentence)) {
          throw new IllegalStateException(line + ": " + sentence);
        }
        done.add(command);
        yield result;
      }
      case Reading.Bad<Command>(Bilingual sentence) ->
          throw new IllegalStateException(sentence.english());
    };
  }

  /** The exercise that all of this was for. */
  Exercise exercise(String kind, Bilingual text, List<Table> tables, List<Answer> answers) {
    return new Exercise(kind, seed, text, tables, answers, done);
  }

  /** What a path of {@code expect} has now. */
  @Nullable Object look(String path) {
    Result result = lab.execute(new Command.Expect(path, ""));
    if (result instanceof Result.Checked checked) {
      return checked.actual();
    }
    throw new IllegalStateException(path + ": " + result);
  }

  void write(long address, long... words) {
    var all = new StringBuilder();
    for (long word : words) {
      all.append(all.isEmpty() ? "" : ",").append('"').append(hex(word)).append('"');
    }
    run("{\"op\":\"mem.write\",\"addr\":\"%s\",\"u64\":[%s]}", hex(address), all);
  }

  void register(int offset, int size, long value) {
    run("{'op':'reg.write','off':%d,'size':%d,'value':'%s'}", offset, size, hex(value));
  }

  <T> T one(List<T> of) {
    return of.get(dice.nextInt(of.size()));
  }

  int upTo(int bound) {
    return dice.nextInt(bound);
  }

  static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
