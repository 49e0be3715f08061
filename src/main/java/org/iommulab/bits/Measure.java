package org.iommulab.bits;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the number in a field is read where it stands for something else than itself. */
public enum Measure {
  /** So many bits, and one more. */
  BITS_LESS_ONE("# bits") {
    @Override
    String figure(long value) {
      return Long.toString(value + 1);
    }
  },
  /** So many bits. */
  BITS("# bits") {
    @Override
    String figure(long value) {
      return Long.toString(value);
    }
  },
  /** So many registers, and one more. */
  REGISTERS_LESS_ONE("# registers") {
    @Override
    String figure(long value) {
      return Long.toString(value + 1);
    }
  },
  /** Four and twice the number as power of two: domains. */
  DOMAINS("# domains") {
    @Override
    String figure(long value) {
      return power(4 + 2 * value);
    }
  },
  /** A power of two of pages. */
  PAGES("# pages") {
    @Override
    String figure(long value) {
      return power(value);
    }
  },
  /** A power of two of entries. */
  ENTRIES("# entries") {
    @Override
    String figure(long value) {
      return power(value);
    }
  },
  /** The next power of two of entries. */
  ENTRIES_1("# entries") {
    @Override
    String figure(long value) {
      return power(value + 1);
    }
  },
  /** Seven more as power of two of entries. */
  ENTRIES_7("# entries") {
    @Override
    String figure(long value) {
      return power(value + 7);
    }
  },
  /** Ten more as power of two of bytes. */
  BYTES_10("# bytes") {
    @Override
    String figure(long value) {
      return power(value + 10);
    }
  },
  /** An offset in units of 16 bytes. */
  OFFSET_16("at offset #") {
    @Override
    String figure(long value) {
      return hex(value << 4);
    }
  },
  /** An address in units of 4 bytes. */
  ADDRESS_4("at address #") {
    @Override
    String figure(long value) {
      return hex(value << 2);
    }
  },
  /** A requester: bus, device and function. */
  REQUESTER("#") {
    @Override
    String figure(long value) {
      return String.format(
          Locale.ROOT, "%02x:%02x.%x", value >>> 8 & 0xFF, value >>> 3 & 0x1F, value & 7);
    }
  },
  /** A memory type of the processor's. */
  MEMORY_TYPE("#") {
    @Override
    String figure(long value) {
      return memoryType(value);
    }
  },
  /** Memory types of 4 bits each, the first lowest. */
  MEMORY_TYPES("#") {
    @Override
    String figure(long value) {
      var types = new ArrayList<String>();
      for (int slot = 0; slot < 8; slot++) {
        types.add(memoryType(value >>> 4 * slot & 7));
      }
      return String.join(" ", types);
    }
  },
  /** Every bit counts for itself: the field's names are those of its single bits. */
  SET("") {
    @Override
    String figure(long value) {
      return "";
    }
  };

  private final String words;

  Measure(String words) {
    this.words = words;
  }

  abstract String figure(long value);

  /** What a value stands for. */
  Reading of(long value) {
    return new Reading(words, figure(value));
  }

  /** All words that readings can have. */
  public static List<String> allWords() {
    return List.of(values()).stream().map(measure -> measure.words).distinct().toList();
  }

  private static String power(long exponent) {
    return BigInteger.TWO.pow((int) exponent).toString();
  }

  private static String hex(long value) {
    return Long.toHexString(value).toUpperCase(Locale.ROOT);
  }

  /** Source: vtd.md 2.6, 3.1; the encoding of the processor's MTRRs and PAT. */
  private static String memoryType(long value) {
    return switch ((int) value) {
      case 0 -> "UC";
      case 1 -> "WC";
      case 4 -> "WT";
      case 5 -> "WP";
      case 6 -> "WB";
      case 7 -> "UC-";
      default -> Long.toString(value) + "?";
    };
  }
}
