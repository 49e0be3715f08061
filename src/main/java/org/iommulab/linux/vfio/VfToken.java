package org.iommulab.linux.vfio;

import java.util.Arrays;
import org.iommulab.linux.boot.Era;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.jspecify.annotations.Nullable;

/**
 * The secret that drivers of a physical function and of its virtual functions share ({@code struct
 * vfio_pci_vf_token}): who does not know it does not get a virtual function, nor takes the physical
 * one over while virtual ones are in use.
 */
final class VfToken {

  /** Bytes of a token, a UUID. */
  static final int BYTES = 16;

  private static final int DIGITS = 36;
  private static final String KEY = "vf_token=";

  // The kernel draws one by chance; nobody can know it before it is set, and so it is here.
  private byte @Nullable [] uuid;
  private int users;

  /** A virtual function was opened (1) or closed (-1). */
  void count(int delta) {
    users += delta;
  }

  /** Sets another token, {@code VFIO_DEVICE_FEATURE_PCI_VF_TOKEN}. */
  void set(byte[] token) {
    uuid = token.clone();
  }

  /** {@code vfio_pci_validate_vf_token()}. */
  static Status validate(
      VfioDevice device, @Nullable VfioDevice physical, byte @Nullable [] given) {
    if (device.isVirtual()) {
      return ofVirtual(physical == null ? null : physical.token(), given);
    }
    VfToken own = device.token();
    if (own == null) {
      return given == null
          ? Status.OK
          : Status.fail(Errno.EINVAL, "the device has no virtual functions and takes no token");
    }
    if (own.users > 0) {
      return own.matches(given)
          ? Status.OK
          : Status.fail(Errno.EACCES, "virtual functions are in use under another token");
    }
    if (given != null) {
      own.set(given);
    }
    return Status.OK;
  }

  private static Status ofVirtual(@Nullable VfToken token, byte @Nullable [] given) {
    if (token == null) {
      return given == null
          ? Status.OK
          : Status.fail(Errno.EINVAL, "the physical function is not bound to vfio-pci");
    }
    return token.matches(given)
        ? Status.OK
        : Status.fail(Errno.EACCES, "the token of the physical function is needed");
  }

  private boolean matches(byte @Nullable [] given) {
    return given != null && uuid != null && Arrays.equals(given, uuid);
  }

  /** A name for GROUP_GET_DEVICE_FD: a device and perhaps a token. */
  record Named(String device, byte @Nullable [] token, Status status) {}

  /**
   * {@code vfio_pci_core_match()}: {@code "0000:01:00.0 vf_token=UUID"}; before there were tokens
   * all of it is the device's name.
   */
  static Named named(String text, Era era) {
    if (!era.virtualFunctionTokens()) {
      return new Named(text, null, Status.OK);
    }
    String[] words = text.split(" +");
    byte[] token = null;
    for (int i = 1; i < words.length; i++) {
      token = token == null && words[i].startsWith(KEY) ? parse(words[i]) : null;
      if (token == null) {
        return new Named(
            words[0], null, Status.fail(Errno.EINVAL, "after the device only vf_token=UUID"));
      }
    }
    return new Named(words.length == 0 ? "" : words[0], token, Status.OK);
  }

  private static byte @Nullable [] parse(String word) {
    String digits = word.substring(KEY.length());
    String plain = digits.replace("-", "");
    if (digits.length() != DIGITS || plain.length() != 2 * BYTES) {
      return null;
    }
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      int high = Character.digit(plain.charAt(2 * i), 16);
      int low = Character.digit(plain.charAt(2 * i + 1), 16);
      if (high < 0 || low < 0) {
        return null;
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }
}
