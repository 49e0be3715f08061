package org.iommulab.lab.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import org.iommulab.bus.MessageSink;
import org.iommulab.bus.Pasid;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.log.LogFault;
import org.iommulab.lab.language.Bytes;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Prefix;

/** The requests of a log's faults as commands, to be sent again on a fork of the case. */
public final class CaseScript {

  private static final int MOST = 200;
  private static final int LENGTH = 4;
  private static final long REMAPPABLE = 1 << 4;
  private static final int COMPATIBILITY = 0x25;

  private CaseScript() {}

  /** Each request once, with a note in front; faults of which too little is known are left out. */
  public static Script of(KernelLog log) {
    var first = new LinkedHashMap<Command, LogFault>();
    var counts = new HashMap<Command, Integer>();
    for (LogFault fault : log.faults()) {
      Optional<Command> request = request(fault);
      if (request.isPresent() && (first.size() < MOST || first.containsKey(request.get()))) {
        first.putIfAbsent(request.get(), fault);
        counts.merge(request.get(), 1, Integer::sum);
      }
    }
    var commands = new ArrayList<Command>();
    first.forEach(
        (command, fault) -> {
          commands.add(new Command.Note(words(fault, counts.getOrDefault(command, 1))));
          commands.add(command);
        });
    return new Script(log.name(), commands);
  }

  private static String words(LogFault fault, int count) {
    Integer code = fault.reason().code();
    return String.format(
        Locale.ROOT,
        "line %d%s: %s by %s%s",
        fault.line(),
        count == 1 ? "" : ", " + count + " times",
        fault.kind().word(),
        fault.requester(),
        code == null ? "" : String.format(Locale.ROOT, ", reason 0x%02x", code));
  }

  /** The request of one fault; empty if the log does not say who or where. */
  public static Optional<Command> request(LogFault fault) {
    String bdf = fault.bdf();
    Long address = fault.address();
    if (bdf == null || address == null) {
      return Optional.empty();
    }
    Prefix prefix =
        fault.pasid() == null ? Prefix.NONE : new Prefix(Pasid.of(fault.pasid()), false, false);
    return Optional.of(
        switch (fault.kind()) {
          case DMA_READ -> new Command.DmaRead(bdf, address, LENGTH, prefix);
          case DMA_WRITE -> new Command.DmaWrite(bdf, address, Bytes.of(new byte[LENGTH]), prefix);
          case INTERRUPT -> new Command.Msi(bdf, message(fault, address), 0);
        });
  }

  /** The address that names an entry of the remapping table; VT-d section 5.1.2.2. */
  private static long message(LogFault fault, long index) {
    Integer code = fault.reason().code();
    if (code != null && code == COMPATIBILITY) {
      return MessageSink.FIRST;
    }
    return MessageSink.FIRST | (index & 0x7FFF) << 5 | REMAPPABLE | (index >> 15 & 1) << 2;
  }
}
