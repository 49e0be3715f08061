package org.iommulab.bus.device;

import static org.iommulab.bus.device.NvmeCommand.DATA_TRANSFER_ERROR;
import static org.iommulab.bus.device.NvmeCommand.INVALID_FIELD;
import static org.iommulab.bus.device.NvmeCommand.INVALID_NAMESPACE;
import static org.iommulab.bus.device.NvmeCommand.INVALID_OPCODE;
import static org.iommulab.bus.device.NvmeCommand.INVALID_PRP_OFFSET;
import static org.iommulab.bus.device.NvmeCommand.LBA_OUT_OF_RANGE;
import static org.iommulab.bus.device.NvmeCommand.SUCCESS;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An NVMe disk of 1 GiB: admin and I/O queues in memory, data through PRP entries and lists.
 *
 * <p>Reading the disk writes memory, and the disk does not learn if such a write was refused: the
 * command succeeds. Writing the disk reads memory; an abort ends the command with a data transfer
 * error. If a queue itself cannot be read, the controller gives up (CSTS.CFS) until it is disabled.
 */
final class NvmeController extends RegisteredDevice {

  private static final int IDENTIFY_BYTES = 4096;
  private static final int LARGEST_TRANSFER = 1 << 20;

  private final NvmeQueues queues = new NvmeQueues();
  private final DiskBlocks blocks = new DiskBlocks();
  private final PageList pages;

  NvmeController(DmaPort port) {
    super(port, NvmeRegisters.all());
    pages = new PageList(port);
    reset();
  }

  @Override
  public void write(DeviceRegister register, long value) {
    boolean wasOn = registers.isSet(NvmeRegisters.CC, NvmeRegisters.ENABLE);
    super.write(register, value);
    boolean isOn = registers.isSet(NvmeRegisters.CC, NvmeRegisters.ENABLE);
    if (isOn && !wasOn) {
      enable();
    } else if (wasOn && !isOn) {
      queues.clear();
      clearDoorbells();
      registers.set(NvmeRegisters.CSTS, 0);
    }
  }

  private void enable() {
    long sizes = registers.get(NvmeRegisters.AQA);
    clearDoorbells();
    queues.admin(
        registers.get(NvmeRegisters.ASQ),
        (int) NvmeRegisters.SUBMISSIONS.get(sizes) + 1,
        registers.get(NvmeRegisters.ACQ),
        (int) NvmeRegisters.COMPLETIONS.get(sizes) + 1);
    registers.set(NvmeRegisters.CSTS, NvmeRegisters.READY.mask());
  }

  private void clearDoorbells() {
    for (int pair = 0; pair < 2; pair++) {
      registers.set(NvmeRegisters.TAILS[pair], 0);
      registers.set(NvmeRegisters.HEADS[pair], 0);
    }
  }

  // ---- work ------------------------------------------------------------------------------------

  @Override
  public boolean step() {
    return isRunning() && (work(0) || work(1));
  }

  private boolean isRunning() {
    return registers.get(NvmeRegisters.CSTS) == NvmeRegisters.READY.mask();
  }

  private boolean hasWork(int pair) {
    return queues.hasWork(
        pair,
        registers.getInt(NvmeRegisters.TAILS[pair]),
        registers.getInt(NvmeRegisters.HEADS[pair]));
  }

  private boolean work(int pair) {
    if (!hasWork(pair)) {
      return false;
    }
    long at = queues.nextCommand(pair);
    byte[] entry = port.read(at, NvmeCommand.BYTES);
    if (entry == null) {
      registers.set(NvmeRegisters.ERRADDR, at);
      registers.raise(NvmeRegisters.CSTS, NvmeRegisters.FATAL);
      return true;
    }
    NvmeCommand command = NvmeCommand.of(entry);
    queues.taken(pair);
    int status = pair == 0 ? administer(command) : io(command);
    port.write(queues.nextCompletion(pair), queues.completion(pair, command.id(), status));
    queues.completed(pair);
    MessageCapability.send(registers, port);
    return true;
  }

  private int administer(NvmeCommand command) {
    return switch (command.opcode()) {
      case NvmeCommand.CREATE_COMPLETION_QUEUE -> queues.createCompletions(command);
      case NvmeCommand.CREATE_SUBMISSION_QUEUE -> queues.createSubmissions(command);
      case NvmeCommand.DELETE_COMPLETION_QUEUE -> queues.delete(command, false);
      case NvmeCommand.DELETE_SUBMISSION_QUEUE -> queues.delete(command, true);
      case NvmeCommand.IDENTIFY -> identify(command);
      case NvmeCommand.SET_FEATURES -> SUCCESS;
      default -> INVALID_OPCODE;
    };
  }

  private int identify(NvmeCommand command) {
    int what = command.cdw10() & 0xFF;
    byte[] page = new byte[IDENTIFY_BYTES];
    if (what == 1) {
      text(page, 4, "LAB0001");
      text(page, 24, "IOMMU Lab disk");
    } else if (what == 0) {
      Words.of(page).putLong(0, DiskBlocks.COUNT).putLong(8, DiskBlocks.COUNT);
      page[130] = DiskBlocks.LOG2_BYTES;
    } else {
      return INVALID_FIELD;
    }
    return toMemory(command, page);
  }

  private static void text(byte[] page, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, page, at, bytes.length);
  }

  private int io(NvmeCommand command) {
    if (command.opcode() == NvmeCommand.IO_FLUSH) {
      return SUCCESS;
    }
    boolean reads = command.opcode() == NvmeCommand.IO_READ;
    if (!reads && command.opcode() != NvmeCommand.IO_WRITE) {
      return INVALID_OPCODE;
    }
    if (command.namespace() != 1) {
      return INVALID_NAMESPACE;
    }
    long first = command.firstBlock();
    int bytes = command.blocks() << DiskBlocks.LOG2_BYTES;
    if (first < 0 || first + command.blocks() > DiskBlocks.COUNT) {
      return LBA_OUT_OF_RANGE;
    }
    if (bytes > LARGEST_TRANSFER) {
      return INVALID_FIELD;
    }
    return reads
        ? toMemory(command, blocks.read(first, command.blocks()))
        : fromMemory(command, first, bytes);
  }

  private int toMemory(NvmeCommand command, byte[] data) {
    PageList.Outcome outcome = pages.resolve(command.prp1(), command.prp2(), data.length);
    if (outcome.status() == SUCCESS) {
      outcome.pieces().forEach(piece -> port.write(piece.address(), piece.of(data)));
    }
    return told(outcome);
  }

  private int fromMemory(NvmeCommand command, long first, int bytes) {
    PageList.Outcome outcome = pages.resolve(command.prp1(), command.prp2(), bytes);
    byte[] data = new byte[bytes];
    for (PageList.Piece piece : outcome.pieces()) {
      byte[] part = port.read(piece.address(), piece.length());
      if (part == null) {
        registers.set(NvmeRegisters.ERRADDR, piece.address());
        return DATA_TRANSFER_ERROR;
      }
      System.arraycopy(part, 0, data, piece.offset(), part.length);
    }
    if (outcome.status() == SUCCESS) {
      blocks.write(first, data);
    }
    return told(outcome);
  }

  private int told(PageList.Outcome outcome) {
    if (outcome.status() == DATA_TRANSFER_ERROR || outcome.status() == INVALID_PRP_OFFSET) {
      registers.set(NvmeRegisters.ERRADDR, outcome.at());
    }
    return outcome.status();
  }

  // ---- what can be seen ------------------------------------------------------------------------

  @Override
  public List<Ring> rings() {
    return queues.rings(registers);
  }

  @Override
  public String activity() {
    if (registers.isSet(NvmeRegisters.CSTS, NvmeRegisters.FATAL)) {
      return "fatal: a queue could not be read";
    }
    if (!isRunning()) {
      return "disabled";
    }
    return hasWork(0) || hasWork(1) ? "busy" : "idle";
  }

  @Override
  public void reset() {
    registers.reset();
    registers.set(NvmeRegisters.CAP, NvmeRegisters.CAP_VALUE);
    registers.set(NvmeRegisters.VS, NvmeRegisters.VS_VALUE);
    queues.clear();
  }
}
