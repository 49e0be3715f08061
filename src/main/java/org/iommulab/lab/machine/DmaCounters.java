package org.iommulab.lab.machine;

/**
 * What became of a device's requests, counted on the bus. The device itself does not know all of
 * it: nobody tells it about a write that was dropped.
 *
 * @param reads reads sent
 * @param writes writes sent
 * @param bytesRead bytes that came
 * @param bytesWritten bytes that arrived in memory
 * @param aborted reads that were not answered in full
 * @param lost writes that did not arrive in full
 * @param denied requests not sent because the device's own translation forbade them
 * @param messages interrupts sent
 * @param pageRequests pages asked for
 */
public record DmaCounters(
    long reads,
    long writes,
    long bytesRead,
    long bytesWritten,
    long aborted,
    long lost,
    long denied,
    long messages,
    long pageRequests) {

  /** Nothing yet. */
  public static final DmaCounters NONE = new DmaCounters(0, 0, 0, 0, 0, 0, 0, 0, 0);

  DmaCounters read(long bytes, boolean whole) {
    return new DmaCounters(
        reads + 1,
        writes,
        bytesRead + bytes,
        bytesWritten,
        whole ? aborted : aborted + 1,
        lost,
        denied,
        messages,
        pageRequests);
  }

  DmaCounters written(long bytes, boolean whole) {
    return new DmaCounters(
        reads,
        writes + 1,
        bytesRead,
        bytesWritten + bytes,
        aborted,
        whole ? lost : lost + 1,
        denied,
        messages,
        pageRequests);
  }

  DmaCounters oneDenied() {
    return new DmaCounters(
        reads, writes, bytesRead, bytesWritten, aborted, lost, denied + 1, messages, pageRequests);
  }

  DmaCounters message() {
    return new DmaCounters(
        reads, writes, bytesRead, bytesWritten, aborted, lost, denied, messages + 1, pageRequests);
  }

  DmaCounters pageRequest() {
    return new DmaCounters(
        reads, writes, bytesRead, bytesWritten, aborted, lost, denied, messages, pageRequests + 1);
  }

  /** Requests that did not do what they were to do. */
  public long failed() {
    return aborted + lost + denied;
  }
}
