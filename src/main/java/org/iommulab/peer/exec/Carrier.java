package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Objects;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.program.Exchange;
import org.iommulab.linux.program.Request;
import org.iommulab.linux.program.Session;
import org.iommulab.linux.program.World;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/**
 * Has requests carried out by the laboratory's kernel, and writes them down if that is wanted.
 * Lives on the thread that owns the laboratory.
 */
abstract sealed class Carrier {

  /** The laboratory. */
  final Laboratory laboratory;

  private final @Nullable Writer record;

  private Carrier(Laboratory laboratory, @Nullable Writer record) {
    this.laboratory = laboratory;
    this.record = record;
  }

  /** Requests go past the journal: nothing can be taken back, but it is fast. */
  static Carrier direct(Laboratory laboratory, Session session, @Nullable Writer record) {
    return new Direct(laboratory, session, record);
  }

  /** Each request is a command in the journal. */
  static Carrier journaled(Laboratory laboratory, @Nullable Writer record) {
    return new Journaled(laboratory, record);
  }

  /** The laboratory has gone another way than the program's. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lost(String sentence) {
      super(sentence);
    }
  }

  /** The programs as our kernel knows them. */
  abstract Session session();

  /** Carries a request out. */
  abstract SyscallResult perform(Request request, World world);

  /** Tells whether the laboratory shows the past, where no request can be carried out. */
  abstract boolean isBehind();

  /** Brings the laboratory to where the program is. */
  abstract void comeForward();

  /** What can be seen of the laboratory. */
  final LabView view() {
    return laboratory.view();
  }

  final boolean isRecorded() {
    return record != null;
  }

  final void write(Exchange exchange) {
    if (record == null) {
      return;
    }
    try {
      record.write(new Command.Program(exchange).toJson());
      record.write('\n');
      record.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Direct extends Carrier {
    private final Session session;

    Direct(Laboratory laboratory, Session session, @Nullable Writer record) {
      super(laboratory, record);
      this.session = session;
    }

    @Override
    Session session() {
      return session;
    }

    @Override
    SyscallResult perform(Request request, World world) {
      if (!isRecorded()) {
        return session.perform(request, world);
      }
      Exchange exchange = Exchange.live(request, world);
      SyscallResult result = session.perform(exchange);
      write(exchange);
      return result;
    }

    @Override
    boolean isBehind() {
      return false;
    }

    @Override
    void comeForward() {}
  }

  private static final class Journaled extends Carrier {

    /** What a call takes in the journal, and in the list that the window shows of it, at most. */
    private static final int CALL_BYTES = 1024;

    private final long most = Runtime.getRuntime().maxMemory() / CALL_BYTES;
    private @Nullable JournalEntry last;

    Journaled(Laboratory laboratory, @Nullable Writer record) {
      super(laboratory, record);
    }

    @Override
    Session session() {
      return laboratory.programs().orElseThrow(() -> new Lost("the machine was replaced"));
    }

    @Override
    SyscallResult perform(Request request, World world) {
      comeForward();
      if (laboratory.journal().size() >= most) {
        throw new Lost(
            "the journal holds "
                + most
                + " calls, all that memory has room for; save it, or run the program without the"
                + " window, by \"exec --record\"");
      }
      Exchange exchange = Exchange.live(request, world);
      Result result = laboratory.execute(new Command.Program(exchange));
      if (!(result instanceof Result.Returned(long ret, String errno, String cause, var fields))) {
        throw new Lost(
            result instanceof Result.Refused(Bilingual sentence)
                ? sentence.english()
                : "there is no kernel");
      }
      last = laboratory.journal().get(laboratory.position() - 1);
      write(exchange);
      return errno == null
          ? SyscallResult.ok(ret)
          : SyscallResult.fail(Errno.valueOf(errno), Objects.requireNonNullElse(cause, ""));
    }

    @Override
    boolean isBehind() {
      return laboratory.position() < laboratory.journal().size();
    }

    @Override
    void comeForward() {
      JournalEntry mine = last;
      if (mine != null && !isThere(mine)) {
        throw new Lost("what it had done was undone and something else was done instead");
      }
      laboratory.rewind(laboratory.journal().size());
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isThere(JournalEntry mine) {
      return mine.index() < laboratory.journal().size()
          && laboratory.journal().get(mine.index()) == mine;
    }
  }
}
