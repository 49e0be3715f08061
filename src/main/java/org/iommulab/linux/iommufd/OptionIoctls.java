package org.iommulab.linux.iommufd;

import org.iommulab.linux.iommufd.pages.AccountMode;
import org.iommulab.linux.process.UserStruct;
import org.iommulab.linux.uapi.Errno;
import org.iommulab.linux.uapi.Status;
import org.iommulab.linux.uapi.UapiFlags;

/** IOMMU_OPTION and IOMMU_VFIO_IOAS. */
final class OptionIoctls {

  private final IommufdContext context;

  OptionIoctls(IommufdContext context) {
    this.context = context;
  }

  Status option(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a reserved field is not zero");
    }
    Status status =
        switch (arg.id("option_id")) {
          case UapiFlags.OPTION_RLIMIT_MODE -> rlimitMode(arg);
          case UapiFlags.OPTION_HUGE_PAGES -> hugePages(arg);
          default -> Status.fail(Errno.EOPNOTSUPP, "unknown option");
        };
    return status.failed() ? status : arg.copyOut();
  }

  private Status rlimitMode(UserStruct arg) {
    if (arg.get("object_id") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "this option belongs to no object");
    }
    if (arg.id("op") == UapiFlags.OPTION_OP_GET) {
      arg.put("val64", context.accountMode() == AccountMode.MM ? 1 : 0);
      return Status.OK;
    }
    if (arg.id("op") != UapiFlags.OPTION_OP_SET) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown operation");
    }
    if (!arg.process().capable("CAP_SYS_RESOURCE")) {
      return Status.fail(Errno.EPERM, "CAP_SYS_RESOURCE is missing");
    }
    if (!context.isEmpty()) {
      return Status.fail(Errno.EBUSY, "the context has objects already");
    }
    long value = arg.get("val64");
    if (value != 0 && value != 1) {
      return Status.fail(Errno.EINVAL, "the value is neither 0 nor 1");
    }
    context.setAccountMode(value == 1 ? AccountMode.MM : AccountMode.USER);
    return Status.OK;
  }

  private Status hugePages(UserStruct arg) {
    Ioas ioas = context.find(arg.id("object_id"), Ioas.class);
    if (ioas == null) {
      return Status.fail(Errno.ENOENT, "there is no IOAS " + arg.id("object_id"));
    }
    if (arg.id("op") == UapiFlags.OPTION_OP_GET) {
      arg.put("val64", ioas.table().largePages() ? 1 : 0);
      return Status.OK;
    }
    if (arg.id("op") != UapiFlags.OPTION_OP_SET) {
      return Status.fail(Errno.EOPNOTSUPP, "unknown operation");
    }
    long value = arg.get("val64");
    if (value == 0) {
      return ioas.table().disableLargePages();
    }
    if (value == 1) {
      ioas.table().enableLargePages();
      return Status.OK;
    }
    return Status.fail(Errno.EINVAL, "the value is neither 0 nor 1");
  }

  Status vfioIoas(UserStruct arg) {
    if (arg.get("__reserved") != 0) {
      return Status.fail(Errno.EOPNOTSUPP, "a reserved field is not zero");
    }
    return switch (arg.id("op")) {
      case UapiFlags.VFIO_IOAS_GET -> {
        Ioas ioas = context.vfioIoas();
        if (ioas == null) {
          yield Status.fail(Errno.ENODEV, "no compatibility IOAS is set");
        }
        arg.put("ioas_id", ioas.id());
        yield arg.copyOut();
      }
      case UapiFlags.VFIO_IOAS_SET -> {
        Ioas ioas = context.find(arg.id("ioas_id"), Ioas.class);
        if (ioas == null) {
          yield Status.fail(Errno.ENOENT, "there is no IOAS " + arg.id("ioas_id"));
        }
        context.setVfioIoas(ioas);
        yield Status.OK;
      }
      case UapiFlags.VFIO_IOAS_CLEAR -> {
        context.setVfioIoas(null);
        yield Status.OK;
      }
      default -> Status.fail(Errno.EOPNOTSUPP, "unknown operation");
    };
  }
}
