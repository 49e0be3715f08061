package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.iommulab.linux.process.SyscallResult;
import org.jspecify.annotations.Nullable;

/**
 * The record of a session: each request with what was learned from outside while it was carried
 * out, and how it ended, one line of JSON each. The session can be repeated from it without the
 * program.
 */
final class Record {

  private final @Nullable Writer out;
  private final List<Answer> answers = new ArrayList<>();

  /** A record that is written as it grows, or kept nowhere. */
  Record(@Nullable Writer out) {
    this.out = out;
  }

  /** The same world, whose answers are noted. */
  World noting(World world) {
    return out == null ? world : new NotedWorld(world, answers);
  }

  /** A request has been carried out. */
  void took(Request request, SyscallResult result) {
    if (out == null) {
      return;
    }
    try {
      out.write(RecordLine.of(request, answers, result));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers.clear();
  }
}
