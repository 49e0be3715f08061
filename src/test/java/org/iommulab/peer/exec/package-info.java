/** Real programs that meet our kernel. */
package org.iommulab.peer.exec;
