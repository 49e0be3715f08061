package org.iommulab.peer.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Words that calls are looked for by; all of them have to fit. {@code 0x1000} is an address that
 * the call is about, {@code 1234} a process, {@code EEXIST} how it ends, {@code failed} any error;
 * anything else is a part of the call's name, its arguments or its process' name.
 */
public final class CallMatch {

  private static final String FAILED = "failed";

  private final List<Long> addresses = new ArrayList<>();
  private final List<Integer> processes = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();
  private final List<String> words = new ArrayList<>();
  private final String text;

  private CallMatch(String text) {
    this.text = text;
    for (String word : text.strip().split("\\s+")) {
      if (!word.isEmpty()) {
        add(word);
      }
    }
  }

  private void add(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    if (lower.matches("0x[0-9a-f]{1,16}")) {
      addresses.add(Long.parseUnsignedLong(lower.substring(2), 16));
    } else if (lower.matches("[0-9]{1,9}")) {
      processes.add(Integer.valueOf(word));
    } else if (lower.equals(FAILED) || isErrno(word)) {
      errors.add(lower.equals(FAILED) ? FAILED : word);
    } else {
      words.add(lower);
    }
  }

  private static boolean isErrno(String word) {
    for (Errno errno : Errno.values()) {
      if (errno.name().equals(word)) {
        return true;
      }
    }
    return false;
  }

  /** Reads words; none at all fit every call. */
  public static CallMatch of(String text) {
    return new CallMatch(text);
  }

  /** Several, with commas between them; empty ones are left out. */
  public static List<CallMatch> list(String text) {
    var all = new ArrayList<CallMatch>();
    for (String one : text.split(",")) {
      if (!one.isBlank()) {
        all.add(new CallMatch(one.strip()));
      }
    }
    return all;
  }

  /** The words. */
  public String text() {
    return text;
  }

  /** Tells whether every call fits. */
  public boolean isEmpty() {
    return addresses.isEmpty() && processes.isEmpty() && errors.isEmpty() && words.isEmpty();
  }

  /** Tells whether it can only be said after a call how it fits. */
  public boolean asksHowItEnds() {
    return !errors.isEmpty();
  }

  /**
   * Tells whether a call that has ended fits.
   *
   * @param process name of its process
   * @param errno how it ended, null without an error
   */
  public boolean fits(ProgramCall call, String process, @Nullable String errno) {
    for (String error : errors) {
      if (errno == null || !error.equals(FAILED) && !error.equals(errno)) {
        return false;
      }
    }
    return fitsBefore(call, process);
  }

  /** The same before it is known how the call ends. */
  boolean fitsBefore(ProgramCall call, String process) {
    for (int pid : processes) {
      if (call.pid() != pid) {
        return false;
      }
    }
    for (long address : addresses) {
      if (call.ranges().stream().noneMatch(range -> range.has(address))) {
        return false;
      }
    }
    String all = words.isEmpty() ? "" : (call.text() + " " + process).toLowerCase(Locale.ROOT);
    return words.stream().allMatch(all::contains);
  }
}
