package org.iommulab.bus.device;

import static org.iommulab.bus.device.NvmeCommand.COMPLETION_QUEUE_INVALID;
import static org.iommulab.bus.device.NvmeCommand.INVALID_FIELD;
import static org.iommulab.bus.device.NvmeCommand.INVALID_QUEUE;
import static org.iommulab.bus.device.NvmeCommand.SUCCESS;

import java.util.ArrayList;
import java.util.List;
import org.iommulab.memory.Page;

/**
 * Where the queues of a controller are and how far it has come in them: pair 0 is the admin pair,
 * pair 1 is for I/O. Completion entries carry a phase bit that changes with every round.
 */
final class NvmeQueues {

  static final int COMPLETION_BYTES = 16;
  private static final int PAIRS = 2;
  private static final int LARGEST = 64;

  private final long[] submissionBase = new long[PAIRS];
  private final long[] completionBase = new long[PAIRS];
  private final int[] submissions = new int[PAIRS];
  private final int[] completions = new int[PAIRS];
  private final int[] head = new int[PAIRS];
  private final int[] tail = new int[PAIRS];
  private final boolean[] phase = new boolean[PAIRS];

  void clear() {
    for (int pair = 0; pair < PAIRS; pair++) {
      deleteSubmissions(pair);
      deleteCompletions(pair);
    }
  }

  void admin(long submissionAddress, int submissionCount, long completionAddress, int count) {
    clear();
    submissionBase[0] = submissionAddress;
    submissions[0] = submissionCount;
    completionBase[0] = completionAddress;
    completions[0] = count;
    phase[0] = true;
  }

  int createCompletions(NvmeCommand command) {
    int status = check(command, completions);
    if (status == SUCCESS) {
      completionBase[1] = command.prp1();
      completions[1] = (command.cdw10() >>> 16) + 1;
      tail[1] = 0;
      phase[1] = true;
    }
    return status;
  }

  int createSubmissions(NvmeCommand command) {
    int status = check(command, submissions);
    if (status == SUCCESS && completions[1] == 0) {
      return COMPLETION_QUEUE_INVALID;
    }
    if (status == SUCCESS) {
      submissionBase[1] = command.prp1();
      submissions[1] = (command.cdw10() >>> 16) + 1;
      head[1] = 0;
    }
    return status;
  }

  private static int check(NvmeCommand command, int[] sizes) {
    int entries = (command.cdw10() >>> 16) + 1;
    boolean contiguous = (command.cdw11() & 1) != 0;
    if ((command.cdw10() & 0xFFFF) != 1 || sizes[1] != 0) {
      return INVALID_QUEUE;
    }
    return entries < 2 || entries > LARGEST || !contiguous || !Page.isWhole(command.prp1())
        ? INVALID_FIELD
        : SUCCESS;
  }

  int delete(NvmeCommand command, boolean submission) {
    int[] sizes = submission ? submissions : completions;
    if ((command.cdw10() & 0xFFFF) != 1 || sizes[1] == 0) {
      return INVALID_QUEUE;
    }
    if (submission) {
      deleteSubmissions(1);
    } else {
      deleteCompletions(1);
    }
    return SUCCESS;
  }

  private void deleteSubmissions(int pair) {
    submissionBase[pair] = 0;
    submissions[pair] = 0;
    head[pair] = 0;
  }

  private void deleteCompletions(int pair) {
    completionBase[pair] = 0;
    completions[pair] = 0;
    tail[pair] = 0;
    phase[pair] = false;
  }

  /** Tells whether a pair has a command before that tail, and room to complete it. */
  boolean hasWork(int pair, int doorbellTail, int doorbellHead) {
    return submissions[pair] > 0
        && completions[pair] > 0
        && doorbellTail < submissions[pair]
        && head[pair] != doorbellTail
        && (tail[pair] + 1) % completions[pair] != doorbellHead;
  }

  long nextCommand(int pair) {
    return submissionBase[pair] + (long) head[pair] * NvmeCommand.BYTES;
  }

  void taken(int pair) {
    head[pair] = (head[pair] + 1) % submissions[pair];
  }

  long nextCompletion(int pair) {
    return completionBase[pair] + (long) tail[pair] * COMPLETION_BYTES;
  }

  /** The entry that reports a command's end. */
  byte[] completion(int pair, int id, int status) {
    long upper = (head[pair] & 0xFFFFL) | (long) pair << 16 | (id & 0xFFFFL) << 32;
    long flags = (long) status << 1 | (phase[pair] ? 1 : 0);
    return Words.quadwords(0, upper | flags << 48);
  }

  void completed(int pair) {
    tail[pair] = (tail[pair] + 1) % completions[pair];
    phase[pair] ^= tail[pair] == 0;
  }

  List<DeviceModel.Ring> rings(RegisterBank registers) {
    var rings = new ArrayList<DeviceModel.Ring>();
    for (int pair = 0; pair < PAIRS; pair++) {
      rings.add(
          new DeviceModel.Ring(
              "sq" + pair,
              submissionBase[pair],
              NvmeCommand.BYTES,
              submissions[pair],
              head[pair],
              registers.getInt(NvmeRegisters.TAILS[pair])));
      rings.add(
          new DeviceModel.Ring(
              "cq" + pair,
              completionBase[pair],
              COMPLETION_BYTES,
              completions[pair],
              registers.getInt(NvmeRegisters.HEADS[pair]),
              tail[pair]));
    }
    return rings;
  }
}
