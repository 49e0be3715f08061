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
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.SyscallResult;
import org.jspecify.annotations.Nullable;

/** A recorded session of a real program, once more, without the program. */
public final class RecordReplay {

  /** Key of the first line: the format's version. */
  public static final String HEAD = "iommu-lab-record";

  private static final int BUFFER = 1 << 16;

  private final List<String> differences = new ArrayList<>();
  private final Laboratory laboratory = new Laboratory("spec");
  private long same;

  private RecordReplay() {}

  /** Tells whether a file's first line is that of a record. */
  public static boolean isRecord(String firstLine) {
    return firstLine.startsWith("{\"" + HEAD + "\":");
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
    InputStream in = Files.newInputStream(file);
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
      return "line 1: a record begins with {\"" + HEAD + "\":1}";
    }
    long number = 1;
    Session session = null;
    var world = new RecordedWorld();
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      if (text.startsWith("{\"op\":")) {
        String refused =
            session == null ? setUp(text) : "a machine is set up before the first request";
        if (refused != null) {
          return "line " + number + ": " + refused;
        }
        continue;
      }
      RecordLine line = RecordLine.parse(text);
      if (line == null) {
        return "line " + number + ": neither a command nor a request with what was learned";
      }
      if (session == null) {
        Kernel kernel = laboratory.view().kernel().orElse(null);
        if (kernel == null) {
          return "line " + number + ": no kernel has been booted before the first request";
        }
        ProgramRun.assignAll(laboratory.view().machine().orElseThrow(), kernel);
        session = new Session(laboratory, kernel, world);
      }
      try {
        world.set(line.learned());
        compare(number, line, session.perform(line.request()), world.isUsedUp());
      } catch (RecordedWorld.Mismatch e) {
        return "line " + number + ": " + e.getMessage();
      }
    }
    return null;
  }

  private @Nullable String setUp(String text) {
    return switch (Command.parse(text)) {
      case Reading.Bad<Command>(String sentence) -> sentence;
      case Reading.Good<Command>(Command command) ->
          laboratory.execute(command) instanceof Result.Refused(String sentence) ? sentence : null;
    };
  }

  private void compare(long number, RecordLine line, SyscallResult result, boolean usedUp) {
    String errno = result.errno() == null ? null : result.errno().name();
    boolean equal = result.ret() == line.ret() && Objects.equals(errno, line.errno());
    if (equal && usedUp) {
      same++;
    } else {
      differences.add(
          String.format(
              Locale.ROOT,
              "line %d: %s gives %s, then %s%s",
              number,
              line.request().getClass().getSimpleName(),
              errno == null ? result.ret() : errno,
              line.errno() == null ? line.ret() : line.errno(),
              usedUp ? "" : ", and not everything was asked again"));
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
