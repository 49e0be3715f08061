package org.iommulab.peer.exec;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.program.Exchange;
import org.iommulab.progress.FileInput;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** A recorded session of a real program, once more, without the program. */
public final class RecordReplay {

  /** The first line: a record is a script that says so. */
  public static final String HEAD = "{\"op\":\"note\",\"text\":\"recorded by iommu-lab exec\"}";

  private static final int BUFFER = 1 << 16;

  private final List<String> differences = new ArrayList<>();
  private final Laboratory laboratory = new Laboratory("spec");
  private long same;

  private RecordReplay() {}

  /** Tells whether a file's first line is that of a record. */
  public static boolean isRecord(String firstLine) {
    return firstLine.equals(HEAD);
  }

  /** Opens a record for writing, packed if its name ends in {@code .gz}. */
  public static Writer writer(Path file) throws IOException {
    OutputStream out = Files.newOutputStream(file);
    return new OutputStreamWriter(
        isPacked(file) ? new GZIPOutputStream(out, BUFFER) : new BufferedOutputStream(out, BUFFER),
        StandardCharsets.UTF_8);
  }

  /** Opens a record for reading. */
  public static BufferedReader reader(Path file) throws IOException {
    InputStream in = FileInput.open(file);
    return new BufferedReader(
        new InputStreamReader(
            isPacked(file) ? new GZIPInputStream(in, BUFFER) : in, StandardCharsets.UTF_8));
  }

  private static boolean isPacked(Path file) {
    return file.toString().endsWith(".gz");
  }

  /** Repeats a record, or says in one sentence what is wrong with it, and where. */
  public static Reading<RecordReplay> of(BufferedReader lines) throws IOException {
    var replay = new RecordReplay();
    String problem = replay.run(lines);
    return problem == null ? new Reading.Good<>(replay) : new Reading.Bad<>(problem);
  }

  private @Nullable String run(BufferedReader lines) throws IOException {
    String head = lines.readLine();
    if (head == null || !isRecord(head)) {
      return "line 1: a record begins with " + HEAD;
    }
    long number = 1;
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      switch (Command.parse(text)) {
        case Reading.Bad<Command>(Bilingual sentence) -> {
          return "line " + number + ": " + sentence;
        }
        case Reading.Good<Command>(Command command) -> {
          Result result = laboratory.execute(command);
          if (result instanceof Result.Refused(Bilingual sentence)) {
            return "line " + number + ": " + command.op() + ": " + sentence;
          }
          if (command instanceof Command.Program(Exchange exchange)) {
            compare(number, exchange, (Result.Returned) result);
          }
        }
      }
    }
    return null;
  }

  private void compare(long number, Exchange exchange, Result.Returned result) {
    Exchange.Ending then = exchange.ending();
    if (then == null
        || result.ret() == then.ret() && Objects.equals(result.errno(), then.errno())) {
      same++;
    } else {
      differences.add(
          String.format(
              Locale.ROOT,
              "line %d: %s gives %s, then %s%s",
              number,
              exchange.request().getClass().getSimpleName(),
              result.errno() == null ? result.ret() : result.errno(),
              then.errno() == null ? then.ret() : then.errno(),
              result.cause() == null ? "" : " (" + result.cause() + ")"));
    }
  }

  /** Requests that ended as they did then. */
  public long same() {
    return same;
  }

  /** The others, one sentence each. */
  public List<String> differences() {
    return differences;
  }

  /** The laboratory as the session left it. */
  public Laboratory laboratory() {
    return laboratory;
  }
}
