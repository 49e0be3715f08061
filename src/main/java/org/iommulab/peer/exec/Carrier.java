package org.iommulab.peer.exec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.iommulab.lab.LabView;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.linux.Kernel;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.program.Exchange;
import org.iommulab.linux.program.Request;
import org.iommulab.linux.program.Session;
import org.iommulab.linux.program.World;
import org.jspecify.annotations.Nullable;

/** Has requests carried out by the laboratory's kernel, and writes them down if that is wanted. */
final class Carrier {

  private final Laboratory laboratory;
  private final Session session;
  private final @Nullable Writer record;

  Carrier(Laboratory laboratory, Kernel kernel, @Nullable Writer record) {
    this.laboratory = laboratory;
    this.record = record;
    session = new Session(kernel, laboratory::work);
  }

  /** The programs as our kernel knows them. */
  Session session() {
    return session;
  }

  /** What can be seen of the laboratory. */
  LabView view() {
    return laboratory.view();
  }

  /** Carries a request out. */
  SyscallResult perform(Request request, World world) {
    if (record == null) {
      return session.perform(request, world);
    }
    Exchange exchange = Exchange.live(request, world);
    SyscallResult result = session.perform(exchange);
    write(record, exchange);
    return result;
  }

  private static void write(Writer record, Exchange exchange) {
    try {
      record.write(new Command.Program(exchange).toJson());
      record.write('\n');
      record.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
