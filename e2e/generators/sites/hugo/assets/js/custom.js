// The theme imports this file; a site may add its scripts here.
